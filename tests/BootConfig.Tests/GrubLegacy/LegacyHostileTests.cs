using BlockRbd.BootConfig.GrubLegacy;
using Xunit;

namespace BlockRbd.BootConfig.Tests.GrubLegacy;

public class LegacyHostileTests
{
    [Fact]
    public void A_menu_that_loads_itself_ends()
    {
        BootMenu menu = Menus.Load($"title A\nconfigfile {Menus.Lst}\ntitle B\nconfigfile {Menus.Lst}\n");
        Assert.InRange(Count(menu.Entries), 2, 2 * LegacyLimits.MaxMenus);
        Assert.Contains("configfile leads through more than", Assert.Throws<BootConfigException>(() => menu.Default!.Plan()).Message);
    }

    [Fact]
    public void Ninety_thousand_entries_are_refused_by_name()
    {
        string text = string.Concat(Enumerable.Repeat("title\nboot\n", 90_000));
        Assert.Equal(
            $"(hd0,msdos1){Menus.Lst}: more than 4096 entries", Assert.Throws<BootConfigException>(() => Menus.Load(text)).Message);
    }

    [Fact]
    public void A_file_over_the_limit_is_refused() => Assert.Throws<GuestDisk.ImageFormatException>(
        () => Menus.Load(new string('\n', LegacyLimits.MaxConfigBytes + 1)));

    [Fact]
    public void Random_words_never_end_in_another_exception()
    {
        string[] words =
        [
            "title", "root", "kernel", "initrd", "module", "default", "fallback", "timeout", "configfile", "uuid", "findroot", "find", "(hd0,0)",
            "(hd0,", "(", ")", "/v", "saved", "0x", "99999999999", "=", " ", "\t", "\n", "\n", "\n", "\\", "\0", "#", "--type=", "--set-root", "é", "boot",
        ];
        Random random = new(3);
        for (int i = 0; i < 3000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => words[random.Next(words.Length)]));
            BootMenu menu = Menus.Load(text);
            Count(menu.Entries);
            menu.Select("0>0");
            foreach (BootEntry entry in menu.Entries)
            {
                Assert.True(Record.Exception(() => entry.Plan()) is null or BootConfigException, text);
            }
        }
    }

    private static int Count(IReadOnlyList<BootEntry> entries) => entries.Count + entries.Sum(entry => Count(entry.Children));
}

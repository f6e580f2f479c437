using System.Text.Json;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Grub2;

/// <summary>Real and made configurations, with what GRUB 2.14 made of the same files.</summary>
public class CorpusTests
{
    private const string NoSlash = "the kernel's name has no slash: a block list to GRUB's loader, only a word to the function that stood in its place";
    private const string Password = "superusers is set, so that the entries could not be run when the answer was recorded; they are compared by title";
    private const string Cut = "the script sources itself; the recording has the first four entries alone";

    /// <summary>Where the recorded answer is not all that GRUB does, and why.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        ["cases/petitboot-grub2-load-env"] = NoSlash,
        ["cases/grubby-grub2.2"] = Password,
        ["unlabelled/grubby-grub2.11"] = Password,
        ["cases/petitboot-grub2-source-recursion-infinite"] = Cut,
    };

    public static TheoryData<string> Cases => [.. CorpusCase.Names("grub2", "grub2+bls").DefaultIfEmpty("none")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Boots_what_real_grub_boots(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        JsonElement grub = Assert.NotNull(corpus.GrubEmu);
        BootMenu menu = CorpusMenus.Grub2(corpus);
        JsonElement.ArrayEnumerator entries = grub.GetProperty("entries").EnumerateArray();
        IEnumerable<BootEntry> ours = Flatten(menu.Entries);
        ours = Different.GetValueOrDefault(name) == Cut ? ours.Take(4) : ours;
        Assert.Equal([.. entries.Select(entry => CorpusCase.Text(entry, "index")!)], ours.Select(entry => entry.Index));
        foreach (JsonElement entry in entries)
        {
            AssertBoots(name, entry, Find(menu.Entries, CorpusCase.Text(entry, "index")!));
        }

        if (!grub.TryGetProperty("default", out JsonElement byItself) || byItself.ValueKind != JsonValueKind.Object)
        {
            Assert.Null(menu.Default);
            return;
        }

        AssertBoots(name, byItself, Assert.IsType<BootEntry>(menu.Default, exactMatch: false));
    }

    [Fact]
    public void A_kernel_without_a_slash_in_its_name_is_refused()
    {
        CorpusCase corpus = CorpusCase.Load("cases/petitboot-grub2-load-env");
        BootMenu menu = CorpusMenus.Grub2(corpus);
        BootConfigException e = Assert.Throws<BootConfigException>(() => menu.Default!.Plan());
        Assert.Equal("(hd0)/boot/grub/grub.cfg:3:2: invalid file name `vmlinux-from-env'", e.Message);
    }

    private static void AssertBoots(string name, JsonElement expected, BootEntry ours)
    {
        Assert.Equal(CorpusCase.Text(expected, "title"), Shown(ours.Title));
        if (Different.GetValueOrDefault(name) is NoSlash or Password)
        {
            return;
        }

        BootPlan plan = ours.Plan();
        if (CorpusCase.Text(expected, "id") is { } path)
        {
            Assert.EndsWith(ours.Id.Replace(">", ">>", StringComparison.Ordinal), GuestText.FromBytes(System.Text.Encoding.UTF8.GetBytes(path)));
        }

        if (CorpusCase.Text(expected, "kernel") is not { } kernel)
        {
            AssertOther(expected, plan);
            return;
        }

        string root = CorpusCase.Text(expected, "root")!;
        LinuxBoot linux = Assert.IsType<LinuxBoot>(plan);
        Assert.Equal(Whole(kernel, root), linux.Kernel.ToString());
        Assert.Equal(CorpusCase.Texts(expected, "initrd")!.Select(path => Whole(path, root)), linux.Initrds.Select(file => file.ToString()));
        Assert.Equal(string.Join(' ', CorpusCase.Texts(expected, "cmdline_args")!.Select(Quote)), Shown(linux.Arguments));
    }

    private static void AssertOther(JsonElement expected, BootPlan plan)
    {
        string[][] commands = [.. expected.GetProperty("other").EnumerateArray().Select(words => words.EnumerateArray().Select(word => word.GetString()!).ToArray())];
        switch (commands)
        {
            case [["multiboot" or "multiboot2", string hypervisor, ..], ["module" or "module2", string kernel, .. string[] words], ["module" or "module2", string initrd]]:
                LinuxBoot linux = Assert.IsType<LinuxBoot>(plan);
                Assert.Equal(
                    (hypervisor, kernel, initrd, string.Join(' ', words)),
                    (linux.Hypervisor!.Path, linux.Kernel.Path, Assert.Single(linux.Initrds).Path, linux.Arguments));
                break;
            case [["chainloader", string file]]:
                Assert.Equal($"chainloader {file}", Assert.IsType<OtherBoot>(plan).What);
                break;
            default:
                Assert.Empty(commands); // linux16 and firmware commands were no functions when the answer was recorded.
                Assert.True(plan is OtherBoot or LinuxBoot { Kernel.Path: "/boot/memtest86+.bin" or "/memtest86+.bin" }, plan.ToString());
                break;
        }
    }

    // lib/cmdline.c, as tables/grub-cmdline-quote.tsv shows it.
    private static string Quote(string word)
    {
        string escaped = string.Concat(word.Select(c => c is '\\' or '\'' or '"' ? $"\\{c}" : c.ToString()));
        return word.Contains(' ') ? $"\"{escaped}\"" : escaped;
    }

    private static string Whole(string path, string root) => path.StartsWith('(') ? path : $"({root}){path}";

    private static string Shown(string text) => System.Text.Encoding.UTF8.GetString(GuestText.ToBytes(text));

    private static IEnumerable<BootEntry> Flatten(IEnumerable<BootEntry> entries) =>
        entries.SelectMany(entry => entry.IsSubmenu ? Flatten(entry.Children) : [entry]);

    private static BootEntry Find(IReadOnlyList<BootEntry> entries, string index)
    {
        string[] numbers = index.Split('>');
        BootEntry entry = entries[int.Parse(numbers[0])];
        return numbers.Length == 1 ? entry : Find(entry.Children, string.Join('>', numbers[1..]).Trim());
    }
}

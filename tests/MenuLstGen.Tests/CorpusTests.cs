using System.Text;
using System.Text.Json;
using BlockRbd.BootConfig;
using BlockRbd.MenuLstGen.Checks;
using BlockRbd.MenuLstGen.Menu;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.MenuLstGen.Tests;

/// <summary>
/// Real configurations: the words that real GRUB gave for them are the words that GRUB gives for the menu.lst made of them, and pygrub's own
/// reader of menu.lst finds what was written.
/// </summary>
public class CorpusTests
{
    private const string ManyInitrds = "initrds, of which a menu.lst can name one";
    private const string OtherQuotes = "PV-GRUB 2 puts backslashes before quotes";

    /// <summary>Where the recorded answer has no words to compare with.</summary>
    private static readonly Dictionary<string, string> WithoutWords = new()
    {
        ["cases/petitboot-grub2-load-env"] = "the kernel's name has no slash, so that GRUB boots nothing",
        ["cases/grubby-grub2.2"] = "a password kept the recording from running the entries",
        ["unlabelled/grubby-grub2.11"] = "a password kept the recording from running the entries",
    };

    public static TheoryData<string> Cases => [.. CorpusCase.Names("grub2", "grub2+bls", "grub-legacy").Where(name => !WithoutWords.ContainsKey(name)).DefaultIfEmpty("none")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Grub_gives_the_words_that_it_gave_for_the_guest(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        List<(string Index, JsonElement Entry)> expected = [.. Expected(corpus)];
        if (corpus.GrubEmu is null || expected.Count == 0)
        {
            Assert.True(corpus.GrubEmu is null || Make(corpus, PvGrub.Any) is null); // the other test has something to hold on to
            return;
        }

        Assert.NotNull(Make(corpus, PvGrub.Any));
        (MenuLst written, List<MenuRow> rows, string[] findings, BootMenu menu) = Make(corpus, PvGrub.Any)!.Value;
        using RealGrub grub = new();
        ReadMenu read = ReadBack.Grub(grub, written.Text());
        Assert.Equal(written.Entries.Count, read.Entries.Count);
        Assert.Equal($"{written.Default}", read.Default);
        Assert.Equal(string.Join(' ', written.Fallbacks), read.Fallback);
        Assert.Equal(menu.TimeoutSeconds is { } seconds ? $"{seconds}" : "", read.Timeout);
        foreach ((string index, JsonElement entry) in expected)
        {
            int number = rows.FindIndex(row => row.Entry.Index == index);
            Assert.True(number >= 0, $"entry {index} is missing");
            AssertSame(entry, read.Entries[number], findings);
        }

        if (corpus.GrubEmu!.Value.GetProperty("default") is { ValueKind: JsonValueKind.Object } byItself && CorpusCase.Text(byItself, "kernel") is not null
            && !IsHypervisor(corpus, byItself))
        {
            AssertSame(byItself, read.Entries[written.Default], findings);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pygrub_reads_what_was_written(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        if (Make(corpus, PvGrub.Legacy) is not var (written, _, _, menu))
        {
            Assert.Empty(Expected(corpus));
            return;
        }

        ReadMenu read = ReadBack.PygrubLegacy(written.Text());
        Assert.Equal($"{written.Default}", read.Default);
        Assert.Equal(menu.TimeoutSeconds is { } seconds ? $"{seconds}" : "-1", read.Timeout);
        Assert.Equal(
            written.Entries.Select(entry => (entry.Title, entry.Root, entry.Kernel, entry.Arguments, entry.Initrd)),
            read.Entries.Select(entry => (entry.Title, entry.Root, entry.Kernel, string.Join(' ', entry.Words), entry.Initrd)));
    }

    /// <summary>The menu.lst, with the rows that are in it; null where nothing of it can be written.</summary>
    private static (MenuLst Menu, List<MenuRow> Rows, string[] Findings, BootMenu From)? Make(CorpusCase corpus, PvGrub loader)
    {
        BootMenu menu = corpus.Format == "grub-legacy" ? CorpusMenus.Legacy(corpus) : CorpusMenus.Grub2(corpus);
        Findings findings = new();
        try
        {
            MenuLst written = new MenuBuilder(new GenRequest { Loader = loader }, new XenKernelInspector(), findings, _ => { }).Build(menu);
            List<MenuRow> rows = [.. MenuRows.Of(menu, _ => { }).Where(row => Boots(row.Entry))];
            Assert.Equal(rows.Count, written.Entries.Count); // nothing that boots was left out
            return (written, rows, [.. findings.Lines()], menu);
        }
        catch (GenException e) when (e.Code == ExitCode.NotFound)
        {
            return null;
        }
    }

    private static bool Boots(BootEntry entry)
    {
        try
        {
            return entry.Plan() is LinuxBoot;
        }
        catch (BootConfigException)
        {
            return false;
        }
    }

    /// <summary>What real GRUB recorded of the entries that boot a Linux.</summary>
    private static IEnumerable<(string Index, JsonElement Entry)> Expected(CorpusCase corpus)
    {
        if (corpus.GrubEmu is not { } grub || !grub.TryGetProperty("entries", out JsonElement entries))
        {
            return [];
        }

        return entries.EnumerateArray().Select((entry, i) => (CorpusCase.Text(entry, "index") ?? $"{i}", entry))
            .Where(pair => CorpusCase.Text(pair.entry, "kernel") is not null && !IsHypervisor(corpus, pair.entry));
    }

    /// <summary>The converter shows a legacy menu's hypervisor as the kernel and its modules as initrds.</summary>
    private static bool IsHypervisor(CorpusCase corpus, JsonElement entry)
    {
        string kernel = CorpusCase.Text(entry, "kernel")!;
        return corpus.Format == "grub-legacy" && (kernel.Contains("/xen", StringComparison.Ordinal) || kernel == "/boot/multiboot");
    }

    private static void AssertSame(JsonElement expected, ReadEntry read, IReadOnlyList<string> findings)
    {
        string root = CorpusCase.Text(expected, "root")!;
        Assert.Equal(Whole(root, CorpusCase.Text(expected, "kernel")!), Whole(read.Root, read.Kernel));
        string[] initrds = CorpusCase.Texts(expected, "initrd") ?? [];
        Assert.Equal(initrds.Length == 0 ? null : Whole(root, initrds[^1]), read.Initrd is null ? null : Whole(read.Root, read.Initrd));
        Assert.True(initrds.Length < 2 || findings.Any(finding => finding.Contains(ManyInitrds, StringComparison.Ordinal)), string.Join('\n', findings));
        string[] words = CorpusCase.Texts(expected, "cmdline_args") ?? CorpusCase.Text(expected, "cmdline")!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Any(word => word.Contains(' ')))
        {
            Assert.Contains(findings, finding => finding.Contains(OtherQuotes, StringComparison.Ordinal));
            return;
        }

        Assert.Equal(words.Where(word => word.Length > 0), read.Words.Select(word => Encoding.UTF8.GetString(GuestText.ToBytes(word))));
    }

    /// <summary>A path with its device, which the converter names without the table's kind.</summary>
    private static string Whole(string root, string path) =>
        (path.StartsWith('(') ? path : $"({root}){path}").Replace(",msdos", ",", StringComparison.Ordinal).Replace(",gpt", ",", StringComparison.Ordinal);
}

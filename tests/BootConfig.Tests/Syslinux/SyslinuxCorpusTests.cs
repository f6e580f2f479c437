using System.Text.Json;
using BlockRbd.BootConfig.Syslinux;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Syslinux;

/// <summary>Real configurations: GRUB's own reader of them with grub-emu, petitboot, u-root and grubby say what is in them.</summary>
public class SyslinuxCorpusTests
{
    /// <summary>Where the expectation isn't what SYSLINUX does, and why.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        ["cases/petitboot-syslinux-nested-config"] = "petitboot puts the global APPEND before a label's own, and ends a label at DEFAULT; for SYSLINUX the label's own replaces it (record() in readconfig.c)",
    };

    public static TheoryData<string> Cases => [.. CorpusCase.Names("syslinux", "isolinux", "extlinux").DefaultIfEmpty("none")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Boots_what_grub_makes_of_it(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        BootMenu menu = Load(corpus);
        if (corpus.GrubEmu is not { } grub)
        {
            Assert.NotEmpty(menu.Entries); // the other test has more, where anybody has an answer
            return;
        }

        JsonElement[] entries = [.. grub.GetProperty("entries").EnumerateArray()];
        Assert.Equal(entries.Select(entry => CorpusCase.Text(entry, "title")), menu.Entries.Select(entry => entry.Title));
        foreach ((JsonElement entry, BootEntry ours) in entries.Zip(menu.Entries))
        {
            AssertBoots(entry, ours);
        }

        Assert.Equal(CorpusCase.Text(grub.GetProperty("default"), "title"), menu.Default!.Title);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Holds_what_other_readers_find(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        BootMenu menu = Load(corpus);
        if (corpus.Expected is not { } expected)
        {
            Assert.NotNull(menu.Default);
            return;
        }

        if (expected.TryGetProperty("default_kernel", out JsonElement kernels))
        {
            Assert.Equal(CorpusCase.Text(kernels[0], "as_written"), Assert.IsType<LinuxBoot>(menu.Default!.Plan()).Kernel.Path);
        }

        List<BootEntry> all = [.. Flat(menu.Entries)];
        foreach (JsonElement entry in expected.TryGetProperty("entries", out JsonElement entries) ? entries.EnumerateArray() : default)
        {
            // u-root has an entry for each label name; where a name comes twice, its last one. Any of ours with the words will do, and one must.
            string? kernel = CorpusCase.Text(entry, "kernel");
            bool isXen = CorpusCase.Text(entry, "type") == "multiboot";
            Assert.Contains(all, ours => ours.Plan() is LinuxBoot boot
                && (isXen ? boot.Hypervisor : boot.Kernel)?.Path == kernel
                && (isXen || Different.ContainsKey(name) || (SameWords(entry, boot) && SameInitrds(entry, boot))));
        }
    }

    private static bool SameWords(JsonElement entry, LinuxBoot boot) =>
        Words(CorpusCase.Text(entry, "cmdline") ?? boot.Arguments).Where(word => !word.StartsWith("initrd=", StringComparison.Ordinal)).SequenceEqual(Words(boot.Arguments));

    private static bool SameInitrds(JsonElement entry, LinuxBoot boot) =>
        CorpusCase.Texts(entry, "initrd")?.SequenceEqual(boot.Initrds.Select(file => file.Path)) != false;

    private static void AssertBoots(JsonElement entry, BootEntry ours)
    {
        if (CorpusCase.Text(entry, "kernel") is not { } kernel)
        {
            Assert.IsType<OtherBoot>(ours.Plan());
            return;
        }

        LinuxBoot boot = Assert.IsType<LinuxBoot>(ours.Plan());
        Assert.Equal(kernel, boot.Kernel.Path);
        Assert.True(SameInitrds(entry, boot), ours.Title);
        Assert.True(SameWords(entry, boot), ours.Title); // GRUB leaves initrd= in the words; the kernel doesn't heed it, and pygrub takes it out
    }

    private static BootMenu Load(CorpusCase corpus)
    {
        MemoryHost host = corpus.Host();
        return SyslinuxConfig.Load(host, host.Volumes[0], corpus.Config);
    }

    private static IEnumerable<BootEntry> Flat(IEnumerable<BootEntry> entries) =>
        entries.SelectMany(entry => entry.IsSubmenu ? Flat(entry.Children) : [entry]);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BlockRbd.BootConfig.GrubLegacy;
using BlockRbd.BootConfig.Tests.Support;
using Xunit;

namespace BlockRbd.BootConfig.Tests.GrubLegacy;

/// <summary>Real menu.lst files: GRUB 2's own converter with grub-emu, Augeas, grubby and pygrub say what is in them.</summary>
public partial class LegacyCorpusTests
{
    public static TheoryData<string> Cases => [.. CorpusCase.Names("grub-legacy").DefaultIfEmpty("none")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Boots_what_real_grub_boots(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        BootMenu menu = Load(corpus);
        if (corpus.GrubEmu is not { } grub || !grub.TryGetProperty("default", out JsonElement expected) || expected.ValueKind != JsonValueKind.Object)
        {
            Assert.NotNull(corpus.Expected ?? corpus.Pygrub); // The other test has something to hold on to.
            return;
        }

        Assert.Equal(CorpusCase.Text(expected, "title"), menu.Default!.Title);
        AssertBoots(expected, menu.Default!);
        foreach ((JsonElement entry, BootEntry ours) in grub.GetProperty("entries").EnumerateArray().Zip(menu.Entries))
        {
            Assert.Equal(CorpusCase.Text(entry, "title"), ours.Title);
            AssertBoots(entry, ours);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Holds_what_other_readers_find(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        JsonElement expected = Assert.NotNull(corpus.Expected ?? corpus.Pygrub);
        BootMenu menu = Load(corpus);
        if (expected.TryGetProperty("default_index", out JsonElement index))
        {
            Assert.Equal(index.GetInt32().ToString(CultureInfo.InvariantCulture), menu.Default!.Index);
            Assert.Equal(CorpusCase.Text(expected, "default_title"), menu.Default!.Title);
        }

        if (expected.TryGetProperty("default_kernel", out JsonElement kernels))
        {
            Assert.Equal(CorpusCase.Text(kernels[0], "as_written"), Assert.IsType<LinuxBoot>(menu.Default!.Plan()).Kernel.Path);
        }

        if (expected.TryGetProperty("entries", out JsonElement entries))
        {
            Assert.Equal(entries.GetArrayLength(), menu.Entries.Count);
            foreach ((JsonElement entry, BootEntry ours) in entries.EnumerateArray().Zip(menu.Entries))
            {
                Assert.Equal(CorpusCase.Text(entry, "title"), ours.Title);
                AssertWritten(entry, ours);
            }
        }
    }

    /// <summary>The guest has the partition that the file names first, and everything stands on it.</summary>
    private static BootMenu Load(CorpusCase corpus)
    {
        string text = File.ReadAllText(Path.Combine(corpus.Folder, "root", corpus.Config[1..]), Encoding.Latin1);
        Match root = RootLine().Match(text);
        string own = !root.Success ? "hd0,msdos1"
            : root.Groups[2].Success ? $"hd0,msdos{int.Parse(root.Groups[2].Value, CultureInfo.InvariantCulture) + 1}"
            : root.Groups[1].Value;
        MemoryHost host = corpus.Host(own);
        return GrubLegacyConfig.Load(host, host.Volumes[0], corpus.Config);
    }

    private static void AssertBoots(JsonElement entry, BootEntry ours)
    {
        string? kernel = CorpusCase.Text(entry, "kernel");
        string[]? initrds = CorpusCase.Texts(entry, "initrd");
        switch (ours.Plan())
        {
            case LinuxBoot { Hypervisor: null } linux:
                Assert.Equal(kernel, linux.Kernel.Path);
                Assert.Equal(initrds, linux.Initrds.Select(file => file.Path));
                Assert.Equal(CorpusCase.Text(entry, "cmdline"), linux.Arguments);
                break;
            case LinuxBoot linux: // The recipe shows a hypervisor as the kernel and its modules as initrds.
                Assert.Equal(kernel, linux.Hypervisor!.Path);
                Assert.Equal(initrds, linux.Initrds.Prepend(linux.Kernel).Select(file => file.Path));
                break;
            default: // Solaris' multiboot is the one other kernel in these files.
                Assert.True(kernel is null or "/boot/multiboot", $"{ours.Title}: {kernel}");
                break;
        }
    }

    private static void AssertWritten(JsonElement entry, BootEntry ours)
    {
        string? kernel = CorpusCase.Text(entry, "kernel");
        if (kernel is null)
        {
            return; // It loads another menu or another loader.
        }

        if (ours.Plan() is not LinuxBoot { Hypervisor: null } linux)
        {
            Assert.True(ours.Plan() is LinuxBoot || kernel == "/boot/multiboot", kernel);
            return;
        }

        Assert.Equal(kernel, linux.Kernel.Path);
        Assert.Equal(CorpusCase.Texts(entry, "args") ?? Words(CorpusCase.Text(entry, "args") ?? ""), Words(linux.Arguments));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^\s*root(?:noverify)?[\s=]+\((hd\d+)(?:,(\d+))?\)", RegexOptions.Multiline)]
    private static partial Regex RootLine();
}

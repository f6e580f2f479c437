using System.Globalization;
using System.Text.Json;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.GrubLegacy;

/// <summary>Real menu.lst files: GRUB 2's own converter with grub-emu, Augeas, grubby and pygrub say what is in them.</summary>
public class LegacyCorpusTests
{
    public static TheoryData<string> Cases => [.. CorpusCase.Names("grub-legacy").DefaultIfEmpty("none")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Boots_what_real_grub_boots(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        BootMenu menu = CorpusMenus.Legacy(corpus);
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
        BootMenu menu = CorpusMenus.Legacy(corpus);
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
}

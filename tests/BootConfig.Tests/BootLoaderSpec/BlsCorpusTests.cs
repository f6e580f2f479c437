using System.Text.Json;
using BlockRbd.BootConfig.BootLoaderSpec;
using BlockRbd.BootConfig.Grub2;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.BootLoaderSpec;

/// <summary>Directories of entries without a grub.cfg: what bootctl says of each entry.</summary>
public class BlsCorpusTests
{
    public static TheoryData<string> Cases => [.. CorpusCase.Names("bls").DefaultIfEmpty("none")];

    /// <summary>The menus' order is systemd-boot's own where sort keys are given, so entries are compared by id.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_entry_boots_what_bootctl_says(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        MemoryHost host = corpus.Host();
        BootMenu menu = BlsConfig.Load(host, host.Volumes[0], corpus.Config, new Grub2Options { FilesMustExist = false });
        JsonElement[] expected = [.. corpus.BootCtl!.Value.GetProperty("entries").EnumerateArray().Where(entry => CorpusCase.Text(entry, "kernel") is not null)];
        Assert.Equal(expected.Length, menu.Entries.Count);
        foreach (JsonElement entry in expected)
        {
            BootEntry ours = menu.Entries.Single(ours => ours.Id + ".conf" == CorpusCase.Text(entry, "id"));
            LinuxBoot boot = Assert.IsType<LinuxBoot>(ours.Plan());
            Assert.Equal(CorpusCase.Text(entry, "title"), ours.Title);
            Assert.Equal(CorpusCase.Text(entry, "kernel"), boot.Kernel.Path);
            Assert.Equal(CorpusCase.Texts(entry, "initrd"), boot.Initrds.Select(file => file.Path));
            Assert.Equal(CorpusCase.Text(entry, "cmdline"), boot.Arguments);
        }
    }
}

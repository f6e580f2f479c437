using System.Text.Json;
using BlockRbd.BootConfig.Lilo;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Lilo;

/// <summary>lilo.conf(5), and real files as pygrub's LiloConf.py and grubby read them.</summary>
public class LiloConfigTests
{
    public static TheoryData<string> Cases => [.. CorpusCase.Names("lilo").DefaultIfEmpty("none")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Boots_what_pygrub_makes_of_it(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        MemoryHost host = corpus.Host();
        BootMenu menu = LiloConfig.Load(host, host.Volumes[0], corpus.Config);
        if (corpus.Expected is { } expected)
        {
            Assert.Equal(
                CorpusCase.Text(expected.GetProperty("default_kernel")[0], "as_written"), Assert.IsType<LinuxBoot>(menu.Default!.Plan()).Kernel.Path);
        }

        // pygrub knows no "other": what stands below it changes the image before. Its paths have the configuration's directory in front.
        List<BootEntry> images = [.. menu.Entries.Where(entry => entry.Plan() is LinuxBoot)];
        JsonElement[] theirs = [.. corpus.Pygrub!.Value.GetProperty("entries").EnumerateArray()];
        Assert.Equal(theirs.Length, images.Count);
        foreach ((JsonElement entry, BootEntry ours) in theirs.Zip(images))
        {
            LinuxBoot boot = Assert.IsType<LinuxBoot>(ours.Plan());
            Assert.EndsWith("/etc/" + boot.Kernel.Path, CorpusCase.Text(entry, "kernel"), StringComparison.Ordinal);
            Assert.Equal(CorpusCase.Text(entry, "args")!.Trim(), boot.Arguments);
            Assert.Equal(CorpusCase.Text(entry, "initrd") is null, boot.Initrds.Count == 0);
            Assert.True(ours.Title == CorpusCase.Text(entry, "title") || menu.Entries.Count > images.Count, ours.Title);
        }
    }

    [Fact]
    public void What_stands_before_the_first_image_counts_for_all()
    {
        BootMenu menu = Load("""
            default = b
            timeout=50
            prompt
            root=/dev/xvda1
            read-only
            append="quiet x=\"y\""
            image=/a   # a comment
                label=a
            image = /b
                label = "b"
                root="LABEL=root"
                read-write
                initrd=/i
            other=/dev/xvda2
                label=dos
            image=/vmlinuz
            """);
        Assert.Equal(["a", "b", "dos", "vmlinuz"], menu.Entries.Select(entry => entry.Title));
        LinuxBoot boot = Assert.IsType<LinuxBoot>(menu.Default!.Plan());
        Assert.Equal(("/b", "/i"), (boot.Kernel.Path, boot.Initrds[0].Path));
        Assert.Equal("quiet x=\"y\" root=LABEL=root rw", boot.Arguments);
        Assert.Equal("quiet x=\"y\" root=/dev/xvda1 ro", Assert.IsType<LinuxBoot>(menu.Entries[0].Plan()).Arguments);
        Assert.Equal("other=/dev/xvda2", Assert.IsType<OtherBoot>(menu.Entries[2].Plan()).What);
        Assert.Equal((5, "default is \"b\""), (menu.TimeoutSeconds, menu.DefaultReason));
    }

    [Theory]
    [InlineData("image=/a\nimage=/b\n", "a")]
    [InlineData("default=x\nimage=/a\nimage=/b\n", "a")]
    [InlineData("image=/a\nlabel=one\nimage=/b\nlabel=one\ndefault=ignored\n", "one")]
    public void Without_a_default_the_first_image_boots(string config, string title) => Assert.Equal(title, Load(config).Default!.Title);

    [Fact]
    public void Elilos_names_are_beside_its_configuration()
    {
        MemoryHost host = MemoryHost.With(("/efi/debian/elilo.conf", "image=vmlinuz\n"));
        BootMenu menu = LiloConfig.Load(host, host.Volumes[0], "/efi/debian/elilo.conf");
        Assert.Equal("/efi/debian/vmlinuz", Assert.IsType<LinuxBoot>(menu.Default!.Plan()).Kernel.Path);
    }

    [Fact]
    public void Images_without_end_end() =>
        Assert.Throws<BootConfigException>(() => Load(string.Concat(Enumerable.Repeat("image=/a\n", 10_000))));

    private static BootMenu Load(string config)
    {
        MemoryHost host = MemoryHost.With(("/etc/lilo.conf", config));
        return LiloConfig.Load(host, host.Volumes[0], "/etc/lilo.conf");
    }
}

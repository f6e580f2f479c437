using BlockRbd.BootExtract;
using BlockRbd.BootExtract.Disks;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>Which IMAGE is an image of a cluster.</summary>
public sealed class RbdTargetTests
{
    [Theory]
    [InlineData("pool:vm1", "pool/vm1")]
    [InlineData("rbd:vm1", "rbd/vm1")]
    [InlineData("pool/vm1", "pool/vm1")]
    [InlineData("pool/ns/vm1@snap,id=xen", "pool/ns/vm1@snap")]
    [InlineData("rbd:pool/vm1:id=xen:conf=/etc/ceph/b.conf", "pool/vm1")]
    public void A_target_is_one(string image, string name) => Assert.Equal(name, OpenDisks.TryTarget(image)?.Name);

    [Theory]
    [InlineData("/pool/vm1")]
    [InlineData("./pool")]
    [InlineData("disk.img")]
    [InlineData("a/b/c/d")]
    [InlineData("")]
    public void A_path_is_none(string image) => Assert.Null(OpenDisks.TryTarget(image));

    [Fact]
    public void A_path_that_exists_always_wins()
    {
        using ScratchFolder scratch = new();
        File.Copy(PygrubRbd.Disk("msdos"), scratch["pool:vm1"]);
        ToolResult result = PygrubRbd.Shell("cd \"$1\" && exec \"$P\" -l pool:vm1", scratch.Path);
        Assert.Equal((0, PygrubRbd.Run("-l", PygrubRbd.Disk("msdos")).Text), (result.ExitCode, result.Text));
    }

    [Theory]
    [InlineData("pool:vm1,nonsense=1", "unknown option 'nonsense'")]
    [InlineData("rbd:pool/vm 1", "odd character ' '")]
    [InlineData("pool:", "names no image")]
    public void A_target_that_can_not_be_is_an_error_of_the_command_line(string image, string message)
    {
        ToolResult result = PygrubRbd.Run("-l", image);
        Assert.Equal((int)ExitCode.Usage, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Ceph_s_libraries_are_not_even_looked_for_with_an_ordinary_disk()
    {
        using ScratchFolder scratch = new();
        Tool.Check(Tool.Path("strace"), "-f", "-o", scratch["trace"], "-e", "trace=open,openat,access", PygrubRbd.Path, "-l", PygrubRbd.Disk("msdos"));
        string trace = File.ReadAllText(scratch["trace"]);
        Assert.Contains("msdos", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("librados", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("librbd", trace, StringComparison.Ordinal);
    }
}

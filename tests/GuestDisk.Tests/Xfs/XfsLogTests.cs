using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Xfs;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Xfs;

/// <summary>Filesystems whose guest crashed: what is read is what the kernel shows after its own recovery.</summary>
public sealed class XfsLogTests
{
    public static TheoryData<string> Images => [.. TestImages.Names("xfs-log")];

    [Theory, MemberData(nameof(Images))]
    public void Every_file_is_as_after_the_kernels_recovery(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("xfs-log", image));
        GuestFileSystem fileSystem = XfsFileSystem.Open(source);
        Assert.Contains("its log was replayed in memory", Assert.Single(fileSystem.Warnings), StringComparison.Ordinal);
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("xfs-log", image), TreeListing.Of(fileSystem)));
    }
}

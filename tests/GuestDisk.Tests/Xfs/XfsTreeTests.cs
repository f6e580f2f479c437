using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Xfs;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Xfs;

/// <summary>Whole trees against what was put in, or what the kernel's own mount shows.</summary>
public sealed class XfsTreeTests
{
    public static TheoryData<string> Images => [.. TestImages.Names("xfs")];

    [Theory, MemberData(nameof(Images))]
    public void Every_file_reads_back_as_it_was_put_in(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("xfs", image));
        GuestFileSystem fileSystem = XfsFileSystem.Open(source);
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("xfs", image), TreeListing.Of(fileSystem)));
    }
}

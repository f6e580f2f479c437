using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Ext;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Ext;

/// <summary>Whole trees against what was put in, or what the kernel's own mount shows.</summary>
public sealed class ExtTreeTests
{
    public static TheoryData<string> Images => [.. TestImages.Names("ext")];

    [Theory, MemberData(nameof(Images))]
    public void Every_file_reads_back_as_it_was_put_in(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("ext", image));
        GuestFileSystem fileSystem = ExtFileSystem.Open(source);
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("ext", image), TreeListing.Of(fileSystem)));
    }
}

using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.SquashFs;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.SquashFs;

/// <summary>An image whose bytes can be changed, in memory. Its structures are found where its metadata is not packed.</summary>
internal sealed class SquashFsImage : IDisposable
{
    private readonly FileSource _file;

    public SquashFsImage(string image)
    {
        _file = FileSource.Open(TestImages.Image("squashfs", image));
        Source = new PatchedSource(_file);
    }

    public PatchedSource Source { get; }

    public GuestFileSystem Open() => SquashFsFileSystem.Open(Source);

    public FileNode Node(string path) => GuestPath.Resolve(Open(), Encoding.Latin1.GetBytes(path), followLast: false);

    /// <summary>A field of the superblock.</summary>
    public long Field(int offset) => BitConverter.ToInt64(Source.ReadExactly(offset, 8));

    /// <summary>Where the inode of a path stands.</summary>
    public long Inode(string path) => Unpacked(Field(64), Node(path).Number);

    /// <summary>Where the listing of a path begins.</summary>
    public long Listing(string path)
    {
        byte[] inode = Source.ReadExactly(Inode(path), 40);
        return inode[0] == 1
            ? Unpacked(Field(72), ((ulong)BitConverter.ToUInt32(inode, 16) << 16) | BitConverter.ToUInt16(inode, 26))
            : Unpacked(Field(72), ((ulong)BitConverter.ToUInt32(inode, 24) << 16) | BitConverter.ToUInt16(inode, 34));
    }

    /// <summary>Fails unless using it ends in this fault.</summary>
    public ImageFormatException Refuses(ImageFault fault, Action<SquashFsImage> use)
    {
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => use(this));
        Assert.Equal(fault, e.Fault);
        return e;
    }

    public void Dispose() => _file.Dispose();

    private long Unpacked(long table, ulong reference)
    {
        long block = table + (long)(reference >> 16);
        Assert.Equal(0x80, Source.ReadExactly(block + 1, 1)[0] & 0x80);
        return block + 2 + (long)(reference & 0xFFFF);
    }
}

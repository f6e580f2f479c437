using System.Buffers.Binary;
using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Xfs;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;

namespace BlockRbd.GuestDisk.Tests.Xfs;

/// <summary>A good image that a test damages in memory.</summary>
internal sealed class XfsImage : IDisposable
{
    private const int SuperblockCrc = 224;
    private const int InodeCrc = 100;

    private readonly FileSource _file;

    public XfsImage(string name)
    {
        _file = FileSource.Open(TestImages.Image("xfs", name));
        Source = new PatchedSource(_file);
        Superblock = XfsSuperblock.Read(new XfsMetadataCache(_file));
    }

    public PatchedSource Source { get; }

    /// <summary>Of the undamaged image.</summary>
    public XfsSuperblock Superblock { get; }

    public GuestFileSystem Open() => XfsFileSystem.Open(Source);

    public FileNode Resolve(string path) => GuestPath.Resolve(Open(), Encoding.Latin1.GetBytes(path), followLast: false);

    /// <summary>Where an inode stands in the image.</summary>
    public long InodeOffset(string path)
    {
        XfsImageCheck(Superblock.TryInodeOffset(Resolve(path).Number, out long offset));
        return offset;
    }

    /// <summary>Changes the superblock, and its checksum with it.</summary>
    public void PatchSuperblock(int offset, params ReadOnlySpan<byte> bytes)
    {
        Source.Patch(offset, bytes);
        if (Superblock.IsV5)
        {
            Source.Seal(0, BinaryPrimitives.ReadUInt16BigEndian(_file.ReadExactly(102, 2)), SuperblockCrc);
        }
    }

    /// <summary>Changes an inode, and its checksum with it.</summary>
    public void PatchInode(long inode, int offset, params ReadOnlySpan<byte> bytes)
    {
        Source.Patch(inode + offset, bytes);
        if (Superblock.IsV5)
        {
            Source.Seal(inode, Superblock.InodeSize, InodeCrc);
        }
    }

    /// <summary>Blocks with a magic number among all that <paramref name="operation"/> reads, or reads along.</summary>
    public List<long> BlocksRead(ReadOnlySpan<byte> magic, int magicOffset, int step, Action operation)
    {
        Source.Trace = [];
        operation();
        HashSet<long> blocks = [];
        foreach ((long start, int length) in Source.Trace)
        {
            byte[] bytes = _file.ReadExactly(start, length);
            long first = (start + step - 1) / step * step;
            for (long at = first; at + step <= start + length; at += step)
            {
                if (bytes.AsSpan((int)(at - start) + magicOffset).StartsWith(magic))
                {
                    blocks.Add(at);
                }
            }
        }

        Source.Trace = null;
        return [.. blocks];
    }

    public void Dispose() => _file.Dispose();

    private static void XfsImageCheck(bool good)
    {
        if (!good)
        {
            throw new InvalidOperationException("the inode is not in the image");
        }
    }
}

using System.Buffers.Binary;
using System.Text;

namespace BlockRbd.GuestDisk.FileSystems.Ext.FastCommit;

/// <summary>
/// What fast commits changed, kept beside the filesystem: Linux writes it into inodes, trees and directories; here those who
/// read an inode, a map or a directory ask for what is different.
/// </summary>
internal sealed class FastCommitChanges(ExtVolume volume)
{
    private const int BodyOffset = 0x28; // i_block
    private const int GenerationOffset = 0x64; // i_generation, behind i_block
    private const int FlagsOffset = 0x20;
    private const ushort ExtentMagic = 0xF30A;

    private readonly Dictionary<uint, byte[]> _inodes = [];
    private readonly Dictionary<uint, RangeChanges> _ranges = [];
    private readonly Dictionary<uint, DirectoryChanges> _directories = [];

    /// <summary>Ranges of a file that are elsewhere than its map says, or null.</summary>
    public RangeChanges? Ranges(uint inode) => _ranges.GetValueOrDefault(inode);

    /// <summary>Names that were added to or taken from a directory, or null.</summary>
    public DirectoryChanges? Directory(uint inode) => _directories.GetValueOrDefault(inode);

    /// <summary>An inode's record with what was committed of it, or null where nothing was.</summary>
    /// <param name="number">The inode.</param>
    /// <param name="onDisk">Its record on the disk.</param>
    public byte[]? Inode(uint number, ReadOnlySpan<byte> onDisk)
    {
        if (!_inodes.TryGetValue(number, out byte[]? committed))
        {
            return null;
        }

        // As Linux does: i_block stays, the rest is replaced; the ranges are committed on their own.
        byte[] record = onDisk.ToArray();
        committed.AsSpan(0, BodyOffset).CopyTo(record);
        committed.AsSpan(GenerationOffset).CopyTo(record.AsSpan(GenerationOffset));
        Span<byte> body = record.AsSpan(BodyOffset, ExtInode.BodySize);
        ExtInodeFlags flags = (ExtInodeFlags)BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(FlagsOffset));
        if ((flags & ExtInodeFlags.Extents) == 0)
        {
            committed.AsSpan(BodyOffset, ExtInode.BodySize).CopyTo(body); // inline data, or a short symbolic link
        }
        else if (BinaryPrimitives.ReadUInt16LittleEndian(body) != ExtentMagic)
        {
            body.Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(body, ExtentMagic);
            body[4] = 4; // eh_max
        }

        return record;
    }

    public void Apply(IEnumerable<FastCommitRecord> records)
    {
        foreach (FastCommitRecord record in records)
        {
            switch (record.Tag)
            {
                case FastCommitTag.Inode:
                    _inodes[FastCommitLog.Number(record, 0)] = record.Value[sizeof(uint)..];
                    break;
                case FastCommitTag.AddRange:
                    AddRange(record);
                    break;
                case FastCommitTag.DelRange:
                    long first = FastCommitLog.Number(record, 1);
                    Change(record).Set(first, FastCommitLog.Number(record, 2), BlockRun.Zeros);
                    break;
                case FastCommitTag.Create:
                    Create(record);
                    break;
                case FastCommitTag.Link:
                    Link(record);
                    break;
                case FastCommitTag.Unlink:
                    Unlink(record);
                    break;
                default:
                    break;
            }
        }
    }

    private RangeChanges Change(FastCommitRecord record)
    {
        uint inode = FastCommitLog.Number(record, 0);
        if (!_ranges.TryGetValue(inode, out RangeChanges? changes))
        {
            _ranges.Add(inode, changes = new RangeChanges());
        }

        return changes;
    }

    private void AddRange(FastCommitRecord record)
    {
        // fc_ex is an extent as in a tree.
        StructReader range = new("ext4 fast commit", volume.Source.Name, ExtVolume.NoPlace, record.Value);
        (long first, long count, long physical, bool unwritten) = ExtentMap.Extent(range, sizeof(uint));
        if (!volume.IsBlock(physical) || physical + count > volume.Superblock.BlocksCount)
        {
            volume.Corrupt("ext4 fast commit", $"{count} blocks at block {physical} of {volume.Superblock.BlocksCount}");
        }

        Change(record).Set(first, count, unwritten ? BlockRun.Zeros : physical);
    }

    private void Create(FastCommitRecord record)
    {
        uint inode = FastCommitLog.Number(record, 1);
        if (volume.ReadInode(inode).Kind == FileKind.Directory)
        {
            _directories[inode] = new DirectoryChanges(isNew: true); // its blocks were never written
        }

        Link(record);
    }

    private void Link(FastCommitRecord record)
    {
        if (Existing(record) == 0)
        {
            Names(record).Set(Name(record), FastCommitLog.Number(record, 1));
        }
    }

    private void Unlink(FastCommitRecord record)
    {
        // Linux takes a name away only if it leads to the inode in question.
        if (Existing(record) == FastCommitLog.Number(record, 1))
        {
            Names(record).Set(Name(record), 0);
        }
    }

    /// <summary>Where the record's name leads so far.</summary>
    private uint Existing(FastCommitRecord record)
    {
        ExtInode parent = volume.ReadInode(FastCommitLog.Number(record, 0));
        if (parent.Kind != FileKind.Directory)
        {
            volume.Corrupt("ext4 fast commit", $"inode {parent.Number} is not a directory");
        }

        // These can't be searched, and won't be listed either.
        return parent.Has(ExtInodeFlags.Encrypted) || parent.Has(ExtInodeFlags.CaseFolded)
            ? 0
            : new ExtDirectory(volume, parent).Find(record.Value.AsSpan(2 * sizeof(uint)));
    }

    private DirectoryChanges Names(FastCommitRecord record)
    {
        uint parent = FastCommitLog.Number(record, 0);
        if (!_directories.TryGetValue(parent, out DirectoryChanges? changes))
        {
            _directories.Add(parent, changes = new DirectoryChanges(isNew: false));
        }

        return changes;
    }

    private static string Name(FastCommitRecord record) => Encoding.Latin1.GetString(record.Value.AsSpan(2 * sizeof(uint)));
}

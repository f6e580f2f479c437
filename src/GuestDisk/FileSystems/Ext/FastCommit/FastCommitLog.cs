using System.Buffers.Binary;
using System.Globalization;
using BlockRbd.GuestDisk.FileSystems.Ext.Journal;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Ext.FastCommit;

/// <summary>fc_tag: what a fast commit says (journal.rst "Fast commits").</summary>
internal enum FastCommitTag : ushort
{
    AddRange = 1,
    DelRange = 2,
    Create = 3,
    Link = 4,
    Unlink = 5,
    Inode = 6,
    Pad = 7,
    Tail = 8,
    Head = 9,
}

/// <summary>One statement of a fast commit.</summary>
internal readonly record struct FastCommitRecord(FastCommitTag Tag, byte[] Value);

/// <summary>Reads the fast commits behind the journal's log. Unlike the journal's own structures they are little-endian.</summary>
internal sealed class FastCommitLog(ExtVolume volume, JournalFile file, uint expectedSequence)
{
    private const string Structure = "ext4 fast commit";
    private const int TagHeader = 4; // struct ext4_fc_tl
    private const int InodeHeader = 4; // fc_ino
    private const int GoodOldInodeSize = 128;
    private const int NameHeader = 8; // fc_parent_ino, fc_ino
    private const int MaxName = 255;

    private readonly List<FastCommitRecord> _pending = [];
    private uint _crc;
    private int _bytes;

    /// <summary>What the complete fast commits say, in their order.</summary>
    public List<FastCommitRecord> Records { get; } = [];

    /// <summary>Complete fast commits.</summary>
    public int Commits { get; private set; }

    /// <summary>Whether another one was begun that isn't complete.</summary>
    public bool HasIncomplete { get; private set; }

    public void Run()
    {
        for (long at = file.Superblock.End + 1; at < file.Superblock.Length; at++)
        {
            StructReader block = file.Block(at);
            if (!ReadBlock(block))
            {
                break;
            }
        }

        HasIncomplete = _pending.Count > 0;
    }

    /// <summary>Reads one block's tags; false where the fast commits end.</summary>
    private bool ReadBlock(StructReader block)
    {
        for (int at = 0; at + TagHeader <= block.Length;)
        {
            FastCommitTag tag = (FastCommitTag)block.U16(at);
            int length = block.U16(at + 2);
            if (length > block.Length - at - TagHeader || !HasRightLength(tag, length))
            {
                return false;
            }

            if (tag == FastCommitTag.Head ? !IsExpected(block, at + TagHeader) : Commits == 0 && _pending.Count == 0)
            {
                return false; // another transaction's, or none at all
            }

            if (tag == FastCommitTag.Tail)
            {
                if (!Finish(block, at))
                {
                    return false;
                }
            }
            else
            {
                Add(block, tag, at, length);
            }

            at += TagHeader + length;
        }

        return true;
    }

    private void Add(StructReader block, FastCommitTag tag, int at, int length)
    {
        _bytes += TagHeader + length;
        if (_bytes > ExtLimits.MaxFastCommitBytes || Records.Count + _pending.Count >= ExtLimits.MaxFastCommitTags)
        {
            volume.OverLimit(Structure, $"more than {ExtLimits.MaxFastCommitTags} changes or {ExtLimits.MaxFastCommitBytes} bytes");
        }

        _crc = Crc32C.Append(_crc, block.Bytes(at, TagHeader + length));
        byte[] value = tag is FastCommitTag.Head or FastCommitTag.Pad ? [] : block.Bytes(at + TagHeader, length).ToArray();
        _pending.Add(new FastCommitRecord(tag, value));
    }

    private bool IsExpected(StructReader block, int at)
    {
        uint features = block.U32(at); // fc_features
        if (features != 0)
        {
            block.Unsupported(at, string.Create(CultureInfo.InvariantCulture, $"{Structure} with features 0x{features:x}"));
        }

        return block.U32(at + 4) == expectedSequence; // fc_tid
    }

    /// <summary>Takes over what a complete fast commit said.</summary>
    private bool Finish(StructReader block, int at)
    {
        uint computed = Crc32C.Append(_crc, block.Bytes(at, TagHeader + sizeof(uint)));
        if (block.U32(at + TagHeader) != expectedSequence || !StoredChecksum.Matches(block.U32(at + TagHeader + sizeof(uint)), computed)) // fc_tid, fc_crc
        {
            return false;
        }

        Records.AddRange(_pending);
        _pending.Clear();
        _crc = 0;
        Commits++;
        return true;
    }

    private bool HasRightLength(FastCommitTag tag, int length) => tag switch
    {
        FastCommitTag.AddRange => length == 16,
        FastCommitTag.DelRange => length == 12,
        FastCommitTag.Create or FastCommitTag.Link or FastCommitTag.Unlink => length is > NameHeader and <= NameHeader + MaxName,
        FastCommitTag.Inode => length >= InodeHeader + GoodOldInodeSize && length <= InodeHeader + volume.Superblock.InodeSize,
        FastCommitTag.Tail or FastCommitTag.Head => length >= 8,
        FastCommitTag.Pad => true,
        _ => false,
    };

    /// <summary>fc_ino, which begins several records; the parent's in those with a name.</summary>
    public static uint Number(FastCommitRecord record, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record.Value.AsSpan(index * sizeof(uint)));
}

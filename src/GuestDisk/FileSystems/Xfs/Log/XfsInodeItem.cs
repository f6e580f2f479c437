using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>What is logged of an inode (xfs_inode_log_format): its core, and the forks that changed.</summary>
internal readonly ref struct XfsInodeItem
{
    private const int FormatBytes = 56;        // xfs_inode_log_format
    private const int FormatBytesOf32Bits = 52; // xfs_inode_log_format_32: without padding
    private const ushort Magic = 0x494E;
    private const int ForkRegion = 2;

    private readonly StructReader _format;

    /// <exception cref="ImageFormatException">It makes no sense.</exception>
    public XfsInodeItem(StructReader format, XfsSuperblock sb, long sourceLength)
    {
        _format = format;
        if (format.Length is not (FormatBytes or FormatBytesOf32Bits))
        {
            format.Corrupt(0, $"format of {format.Length} bytes");
        }

        int padding = format.Length == FormatBytes ? sizeof(uint) : 0;
        Fields = (XfsInodeFields)format.U32(4);
        Number = format.U64(12 + padding);
        ulong block = format.U64(36 + padding);
        Blocks = format.U32(44 + padding);
        uint inBuffer = format.U32(48 + padding);
        ulong sectors = (ulong)(sourceLength >> XfsLogDevice.BlockLog);
        if (block > sectors || Blocks > sectors - block || (long)inBuffer + sb.InodeSize > (long)Blocks << XfsLogDevice.BlockLog || inBuffer % sb.InodeSize != 0
            || (block << XfsLogDevice.BlockLog) % (ulong)sb.InodeSize != 0)
        {
            format.Corrupt(36 + padding, $"inode {Number} at byte {inBuffer} of {Blocks} sectors at sector {block}");
        }

        Block = (long)block;
        Offset = (Block << XfsLogDevice.BlockLog) + inBuffer;
    }

    public ulong Number { get; }

    /// <summary>ilf_blkno, ilf_len: the buffer that it is in, in sectors.</summary>
    public long Block { get; }

    public uint Blocks { get; }

    /// <summary>Where the inode stands, in bytes.</summary>
    public long Offset { get; }

    /// <summary>ilf_fields.</summary>
    public XfsInodeFields Fields { get; }

    /// <summary>The change, after those that the inode has already (xlog_recover_inode_commit_pass2). Attributes are of no use here.</summary>
    /// <param name="item">This item's regions.</param>
    /// <param name="sb">The filesystem.</param>
    /// <param name="core">Its second region, as <see cref="ReadCore"/> gives it.</param>
    /// <param name="before">The inode's change so far.</param>
    /// <exception cref="ImageFormatException">It makes no sense.</exception>
    public XfsInodeChange Replay(XfsLogItemReader item, XfsSuperblock sb, ReadOnlySpan<byte> core, XfsInodeChange before)
    {
        byte forkOffset = core[82]; // di_forkoff
        int literal = sb.InodeSize - XfsReplayedInode.ForkStart(sb);
        if (forkOffset << 3 >= literal)
        {
            _format.Corrupt(0, $"inode {Number}: attributes begin at {forkOffset << 3} of {literal} bytes");
        }

        XfsInodeChange change = before with { Core = item.Position(1, 0, core.Length) };
        XfsInodeFields fork = Fields & XfsInodeFields.DataFork;
        if (fork == 0 || item.Regions == ForkRegion)
        {
            return change;
        }

        int length = item.Length(ForkRegion);
        bool isRoot = fork == XfsInodeFields.DataRoot;
        if (isRoot)
        {
            CheckRoot(item, XfsReplayedInode.RootHeaderInMemory(sb), forkOffset == 0 ? literal : forkOffset << 3);
        }
        else if (length > literal || fork is not (XfsInodeFields.Data or XfsInodeFields.Extents))
        {
            _format.Corrupt(4, $"inode {Number}: data fork {fork} of {length} bytes where {literal} have room");
        }

        return change with
        {
            Fork = item.Position(ForkRegion, 0, length),
            ForkLength = (ushort)length,
            ForkOffset = forkOffset,
            ForkKind = isRoot ? XfsLoggedFork.TreeRoot : XfsLoggedFork.Bytes,
        };
    }

    /// <summary>The core that is logged.</summary>
    /// <exception cref="ImageFormatException">There is none.</exception>
    public byte[] ReadCore(XfsLogItemReader item, XfsSuperblock sb)
    {
        int length = XfsReplayedInode.CoreBytes(sb);
        if (item.Regions < ForkRegion || item.Length(1) != length)
        {
            _format.Corrupt(2, $"inode {Number}: core of {(item.Regions < ForkRegion ? 0 : item.Length(1))} bytes, not {length}");
        }

        byte[] core = new byte[length];
        item.Read(1, 0, core);
        if (BinaryPrimitives.ReadUInt16LittleEndian(core) != Magic)
        {
            _format.Corrupt(0, $"inode {Number}: its core has no magic number");
        }

        return core;
    }

    private void CheckRoot(XfsLogItemReader item, int header, int room)
    {
        const int EntryBytes = 16;
        const int HeaderOnDisk = 4;
        int length = item.Length(ForkRegion);
        int count = 0;
        bool fits = length >= header && length <= header + room;
        if (fits)
        {
            Span<byte> start = stackalloc byte[8];
            item.Read(ForkRegion, 0, start);
            count = BinaryPrimitives.ReadUInt16BigEndian(start[6..]); // bb_numrecs
        }

        if (!fits || count > (length - header) / EntryBytes || count > (room - HeaderOnDisk) / EntryBytes)
        {
            _format.Corrupt(10, $"inode {Number}: tree root with {count} entries in {length} bytes for {room}");
        }
    }
}

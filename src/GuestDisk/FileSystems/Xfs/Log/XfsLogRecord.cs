namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>The header of a log record (xlog_rec_header of Linux' xfs_log_format.h).</summary>
internal sealed class XfsLogRecord
{
    public const string StructureName = "XFS log record";

    /// <summary>Where h_crc is.</summary>
    public const int CrcOffset = 32;

    /// <summary>Bytes of the first header block that the checksum covers (XLOG_REC_SIZE).</summary>
    public const int HeaderBytes = 328;

    /// <summary>The same where a 32-bit kernel wrote it, whose structures have no padding (XLOG_REC_SIZE_OTHER).</summary>
    public const int HeaderBytesOf32Bits = 324;

    /// <summary>Bytes of the further header blocks that the checksum covers (xlog_rec_ext_header).</summary>
    public const int ExtendedHeaderBytes = 260;

    /// <summary>Blocks of body whose first words one header block has (XLOG_CYCLE_DATA_SIZE).</summary>
    public const int CyclesPerHeader = 64;

    private const int CycleDataOffset = 44;         // h_cycle_data
    private const int ExtendedCycleDataOffset = 4;  // xh_cycle_data
    private const int FormatOffset = 300;           // h_fmt
    private const int UuidOffset = 304;             // h_fs_uuid
    private const int UuidBytes = 16;
    private const int SizeOffset = 320;             // h_size
    private const uint Version2 = 2;                // XLOG_VERSION_2
    private const uint KnownVersions = 3;           // XLOG_VERSION_OKBITS
    private const int Version1Bytes = 32 * 1024;    // XLOG_BIG_RECORD_BSIZE

    private readonly byte[] _uuid;

    private XfsLogRecord(StructReader header, uint block)
    {
        Block = block;
        Cycle = header.U32BigEndian(4);
        Version = header.U32BigEndian(8);
        BodyBytes = header.U32BigEndian(12);
        Lsn = header.U64BigEndian(16);
        TailLsn = header.U64BigEndian(24);
        Crc = header.U32(CrcOffset);
        Operations = header.U32BigEndian(40);
        Format = header.U32BigEndian(FormatOffset);
        Size = (Version & Version2) != 0 ? header.U32BigEndian(SizeOffset) : Version1Bytes;
        _uuid = header.Bytes(UuidOffset, UuidBytes).ToArray();
    }

    /// <summary>Where it stands in the log, in basic blocks.</summary>
    public uint Block { get; }

    /// <summary>h_cycle: the round it was written in.</summary>
    public uint Cycle { get; }

    public uint Version { get; }

    /// <summary>h_len; after <see cref="Check"/> at most <see cref="XfsLimits.MaxLogRecordBytes"/>.</summary>
    public uint BodyBytes { get; }

    /// <summary>h_lsn: cycle and block, once more.</summary>
    public ulong Lsn { get; }

    /// <summary>h_tail_lsn: the first record of which something may not be in its place yet.</summary>
    public ulong TailLsn { get; }

    /// <summary>h_crc; 0 where there is none.</summary>
    public uint Crc { get; }

    /// <summary>h_num_logops.</summary>
    public uint Operations { get; }

    /// <summary>h_fmt: the byte order of the machine that wrote it.</summary>
    public uint Format { get; }

    /// <summary>h_size: what a record's buffer has room for.</summary>
    public uint Size { get; }

    /// <summary>Blocks of header: more than one for records over 32 KiB of a version 2 log (xlog_logrec_hblks).</summary>
    public int HeaderBlocks => (int)Math.Max(1, ((long)Size + Version1Bytes - 1) / Version1Bytes);

    /// <summary>Header blocks that have the first words of this body: what the checksum covers.</summary>
    public int UsedHeaderBlocks => (int)Math.Max(1, ((long)BodyBytes + Version1Bytes - 1) / Version1Bytes);

    /// <summary>Blocks of header and body.</summary>
    public long Blocks => HeaderBlocks + (((long)BodyBytes + XfsLogDevice.BlockBytes - 1) >> XfsLogDevice.BlockLog);

    /// <summary>Takes apart what stands at a block, or null where no record begins there.</summary>
    public static XfsLogRecord? TryParse(ReadOnlySpan<byte> header, uint block)
    {
        StructReader reader = new(StructureName, "log", 0, header);
        return reader.U32BigEndian(0) == XfsLogDevice.RecordMagic ? new XfsLogRecord(reader, block) : null;
    }

    /// <summary>Where, in its first blocks, a header has the word that belongs at the begin of a block of the body.</summary>
    /// <param name="block">Which block of the body.</param>
    public static int CycleData(int block)
    {
        int header = block / CyclesPerHeader;
        return (header << XfsLogDevice.BlockLog) + (header == 0 ? CycleDataOffset : ExtendedCycleDataOffset) + (block % CyclesPerHeader * sizeof(uint));
    }

    /// <summary>Whether it was written for this filesystem. A nil UUID is IRIX', which wrote none.</summary>
    public bool IsOf(XfsSuperblock sb) => _uuid.AsSpan().SequenceEqual(sb.Uuid) || !_uuid.AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>Whether it can be where it stands, and has a length that can be (xlog_valid_rec_header).</summary>
    /// <exception cref="ImageFormatException">No.</exception>
    public void Check(XfsLogDevice device)
    {
        StructReader reader = new(StructureName, device.SourceName, device.Position(Block), device.Block(Block));
        if (Version == 0 || (Version & ~KnownVersions) != 0)
        {
            reader.Corrupt(8, $"version {Version}");
        }

        if (XfsLsn.Cycle(Lsn) != Cycle || XfsLsn.Block(Lsn) != Block)
        {
            reader.Corrupt(16, $"says that it is cycle {XfsLsn.Cycle(Lsn)}, block {XfsLsn.Block(Lsn)}; it is cycle {Cycle}, block {Block}");
        }

        // mkfs.xfs' one record of one operation may be longer than it says that records are (xlog_do_recovery_pass has the story).
        bool isTooLong = BodyBytes > Size && Operations != 1;
        if (BodyBytes is 0 or > XfsLimits.MaxLogRecordBytes || Size > XfsLimits.MaxLogRecordBytes || isTooLong || Blocks > device.Blocks)
        {
            reader.Corrupt(12, $"{BodyBytes} bytes in records of {Size}");
        }
    }
}

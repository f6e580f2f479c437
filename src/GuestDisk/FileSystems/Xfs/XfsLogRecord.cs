namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>The header of a log record (xlog_rec_header of Linux' xfs_log_format.h).</summary>
/// <param name="Block">Where it stands in the log, in basic blocks.</param>
/// <param name="Cycle">The cycle it was written in.</param>
/// <param name="HeaderBlocks">Blocks of header: more than one for records over 32 KiB of a version 2 log.</param>
/// <param name="BodyBytes">h_len.</param>
/// <param name="Operations">h_num_logops.</param>
/// <param name="Crc">h_crc; 0 where there is none.</param>
internal readonly record struct XfsLogRecord(uint Block, uint Cycle, int HeaderBlocks, int BodyBytes, uint Operations, uint Crc)
{
    /// <summary>Where h_crc is.</summary>
    public const int CrcOffset = 32;

    /// <summary>Bytes of the first header block that the checksum covers; 4 fewer where a 32-bit kernel wrote it.</summary>
    public const int HeaderBytes = 328;

    /// <summary>Bytes of the further header blocks that the checksum covers (xlog_rec_ext_header).</summary>
    public const int ExtendedHeaderBytes = 260;

    private const int CycleBytesPerHeader = 32 * 1024; // XLOG_HEADER_CYCLE_SIZE
    private const int UuidOffset = 304;                // h_fs_uuid

    /// <summary>Blocks of header and body.</summary>
    public int Blocks => HeaderBlocks + ((BodyBytes + XfsLogDevice.BlockBytes - 1) >> XfsLogDevice.BlockLog);

    /// <summary>Takes apart what stands at a block, or null where no record of this filesystem begins there.</summary>
    public static XfsLogRecord? TryParse(ReadOnlySpan<byte> header, uint block, ReadOnlySpan<byte> uuid)
    {
        StructReader reader = new("XFS log record", "log", 0, header);
        uint bodyBytes = reader.U32BigEndian(12);
        bool isNil = !reader.Bytes(UuidOffset, uuid.Length).ContainsAnyExcept((byte)0); // IRIX wrote none
        if (reader.U32BigEndian(0) != XfsLogDevice.RecordMagic || reader.U32BigEndian(20) != block // h_lsn's lower half
            || reader.U32BigEndian(16) != reader.U32BigEndian(4) || bodyBytes > XfsLimits.MaxLogRecordBytes
            || (!isNil && !reader.Bytes(UuidOffset, uuid.Length).SequenceEqual(uuid)))
        {
            return null;
        }

        bool isVersion2 = (reader.U32BigEndian(8) & 2) != 0; // h_version
        uint size = isVersion2 ? reader.U32BigEndian(320) : 0; // h_size
        if (size > XfsLimits.MaxLogRecordBytes)
        {
            return null;
        }

        int headerBlocks = Math.Max(1, ((int)size + CycleBytesPerHeader - 1) / CycleBytesPerHeader);
        return new XfsLogRecord(block, reader.U32BigEndian(4), headerBlocks, (int)bodyBytes, reader.U32BigEndian(40), reader.U32(CrcOffset));
    }
}

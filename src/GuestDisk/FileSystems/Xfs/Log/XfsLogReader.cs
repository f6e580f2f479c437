using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>Reads records, one after the other, whole and checked.</summary>
internal sealed class XfsLogReader(XfsLogDevice device, XfsSuperblock superblock)
{
    private readonly byte[] _bytes = new byte[XfsLimits.MaxLogRecordBlocks << XfsLogDevice.BlockLog];

    /// <summary>The record at a block; what <see cref="Body"/> gives is its.</summary>
    /// <exception cref="ImageFormatException">No record, or one that is damaged.</exception>
    public XfsLogRecord Read(uint block)
    {
        if (XfsLogRecord.TryParse(device.Block(block), block) is not { } record)
        {
            throw Bad(block, ImageFault.Corrupt, "no record where one has to be");
        }

        record.Check(device);
        device.Read(block, _bytes.AsSpan(0, (int)record.Blocks << XfsLogDevice.BlockLog));

        // xlog_recover_process: mkfs writes no checksum, but what mkfs wrote need not be replayed; a version 4 filesystem's old kernels write none at all.
        if (record.Crc != 0 && !HasGoodCrc(record, XfsLogRecord.HeaderBytes) && !HasGoodCrc(record, XfsLogRecord.HeaderBytesOf32Bits))
        {
            throw Bad(block, ImageFault.Corrupt, "checksum does not match");
        }

        return record;
    }

    /// <summary>The body of the record that was read last, its blocks' first words put back where the cycle number stood (xlog_unpack_data).</summary>
    /// <exception cref="ImageFormatException">It can't be replayed.</exception>
    public ReadOnlySpan<byte> Body(XfsLogRecord record)
    {
        const uint LittleEndian = 1; // XLOG_FMT_LINUX_LE
        if (record.Format != LittleEndian)
        {
            throw Bad(record.Block, ImageFault.Unsupported, $"format {record.Format}: written by a machine of another byte order, which alone can replay it");
        }

        if (!record.IsOf(superblock))
        {
            throw Bad(record.Block, ImageFault.Corrupt, "belongs to another filesystem");
        }

        if (record.Crc == 0 && superblock.IsV5)
        {
            throw Bad(record.Block, ImageFault.Corrupt, "has no checksum");
        }

        Span<byte> body = _bytes.AsSpan(record.HeaderBlocks << XfsLogDevice.BlockLog, (int)record.BodyBytes);
        for (int block = 0; block << XfsLogDevice.BlockLog < body.Length; block++)
        {
            Span<byte> start = body[(block << XfsLogDevice.BlockLog)..];
            Word(block)[..Math.Min(sizeof(uint), start.Length)].CopyTo(start);
        }

        return body;
    }

    /// <summary>The first damaged record on the way from one block to another, around the ring, and what is wrong with it; null where all are good.</summary>
    public (uint Block, ImageFormatException Damage)? FirstBad(uint from, uint to)
    {
        uint at = from;
        for (long left = device.Distance(from, to); left > 0;)
        {
            try
            {
                XfsLogRecord record = Read(at);
                at = device.After(at, record.Blocks);
                left -= record.Blocks;
            }
            catch (ImageFormatException e) when (e.Fault == ImageFault.Corrupt)
            {
                return (at, e);
            }
        }

        return null;
    }

    private ReadOnlySpan<byte> Word(int block) => _bytes.AsSpan(XfsLogRecord.CycleData(block), sizeof(uint));

    /// <summary>xlog_cksum: the header without its padding to a block, the further headers likewise, then the body.</summary>
    private bool HasGoodCrc(XfsLogRecord record, int headerBytes)
    {
        Span<byte> header = stackalloc byte[headerBytes];
        _bytes.AsSpan(0, headerBytes).CopyTo(header);
        header.Slice(XfsLogRecord.CrcOffset, sizeof(uint)).Clear();
        uint crc = Crc32C.Append(uint.MaxValue, header);
        for (int i = 1; i < record.UsedHeaderBlocks; i++)
        {
            crc = Crc32C.Append(crc, _bytes.AsSpan(i << XfsLogDevice.BlockLog, XfsLogRecord.ExtendedHeaderBytes));
        }

        crc = Crc32C.Append(crc, _bytes.AsSpan(record.HeaderBlocks << XfsLogDevice.BlockLog, (int)record.BodyBytes));
        return StoredChecksum.Matches(record.Crc, ~crc);
    }

    private ImageFormatException Bad(uint block, ImageFault fault, string problem) =>
        new(fault, XfsLogRecord.StructureName, device.SourceName, device.Position(block), problem);
}

using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>A place in a row of metadata blocks, for reading on across their borders. A copy of it stays where it is.</summary>
/// <param name="metadata">The blocks.</param>
/// <param name="block">Where the block stands, in bytes of the source.</param>
/// <param name="offset">The byte in what it unpacks to.</param>
/// <param name="end">Where the row ends at the latest, in bytes of the source.</param>
internal struct SquashFsCursor(SquashFsMetadata metadata, long block, int offset, long end)
{
    private long _block = block;
    private int _offset = offset;

    public ushort ReadUInt16()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        Read(bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Read(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong ReadUInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Read(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>The next bytes. The caller has bounded their number.</summary>
    public byte[] ReadBytes(int count)
    {
        byte[] bytes = new byte[count];
        Read(bytes);
        return bytes;
    }

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="ImageFormatException">The row ends before.</exception>
    public void Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            ReadOnlySpan<byte> found = Here();
            int count = Math.Min(found.Length, buffer.Length);
            found[..count].CopyTo(buffer);
            _offset += count;
            buffer = buffer[count..];
        }
    }

    /// <summary>Passes over bytes, and unpacks the blocks that they stand in: nothing else says how long those are.</summary>
    public void Skip(long count)
    {
        while (count > 0)
        {
            int here = (int)Math.Min(Here().Length, count);
            _offset += here;
            count -= here;
        }
    }

    /// <summary>What follows in the block, or in the next one where that is nothing.</summary>
    private ReadOnlySpan<byte> Here()
    {
        while (true)
        {
            if (_block >= end)
            {
                throw Bad("the table that it belongs to ends here");
            }

            ReadOnlyMemory<byte> bytes = metadata.Read(_block, out long next);
            if (_offset > bytes.Length)
            {
                throw Bad($"has {bytes.Length} bytes, and something is said to stand at byte {_offset} of it");
            }

            if (_offset < bytes.Length)
            {
                return bytes.Span[_offset..];
            }

            (_block, _offset) = (next, 0);
        }
    }

    private readonly ImageFormatException Bad(string problem) => new(ImageFault.Corrupt, SquashFsMetadata.StructureName, metadata.SourceName, _block, problem);
}

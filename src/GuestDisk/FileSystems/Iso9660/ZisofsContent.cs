using System.Buffers.Binary;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>A file that zisofs packed: a header, a pointer to each block and one more to the end, and the blocks, each a zlib stream, or nothing where it is zeros.</summary>
internal sealed class ZisofsContent
{
    private readonly IsoVolume _volume;
    private readonly IsoContent _packed;
    private readonly ZisofsHeader _header;
    private readonly string _what;
    private byte[] _block = [];
    private long _blockIndex = -1;

    /// <exception cref="ImageFormatException">Its header isn't one, or it has no room for a pointer to each of its blocks.</exception>
    public ZisofsContent(IsoVolume volume, string what, IsoContent packed, ZisofsHeader header)
    {
        (_volume, _what, _packed, _header) = (volume, what, packed, header);
        byte[] start = new byte[header.Bytes];
        int count = packed.Read(0, start);
        header.Check(new StructReader(what, volume.Source.Name, 0, start.AsSpan(0, count)));
        long blocks = (header.Size + BlockBytes - 1) / BlockBytes;
        long room = (packed.Length - header.Bytes) / header.PointerBytes;
        if (blocks >= room)
        {
            volume.Throw(ImageFault.Corrupt, what, $"{header.Size} bytes in {blocks} blocks, but its {packed.Length} packed bytes have no pointers to them");
        }
    }

    private int BlockBytes => 1 << _header.BlockShift;

    public int Read(long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        buffer = buffer[..(int)Math.Clamp(_header.Size - offset, 0, buffer.Length)];
        for (int done = 0; done < buffer.Length;)
        {
            ReadOnlySpan<byte> block = Block((offset + done) / BlockBytes)[(int)((offset + done) % BlockBytes)..];
            int count = Math.Min(block.Length, buffer.Length - done);
            block[..count].CopyTo(buffer[done..]);
            done += count;
        }

        return buffer.Length;
    }

    private ReadOnlySpan<byte> Block(long index)
    {
        if (_blockIndex != index)
        {
            _blockIndex = -1;
            _block = Unpack(index);
            _blockIndex = index;
        }

        return _block;
    }

    private byte[] Unpack(long index)
    {
        byte[] unpacked = new byte[(int)Math.Min(BlockBytes, _header.Size - (index * BlockBytes))];
        (long start, long end) = (Pointer(index), Pointer(index + 1));
        if (start == end)
        {
            return unpacked; // a block of zeros
        }

        if (start < 0 || end < start || end - start > 2L * BlockBytes || end > _packed.Length)
        {
            _volume.Throw(ImageFault.Corrupt, _what, $"block {index} lies from byte {start} to {end} of its {_packed.Length} packed ones");
        }

        byte[] packed = new byte[(int)(end - start)];
        _packed.Read(start, packed);
        try
        {
            int length = BlockUnpacker.Unpack(BlockPacking.Zlib, packed, unpacked);
            if (length < unpacked.Length)
            {
                _volume.Throw(ImageFault.Corrupt, _what, $"block {index} unpacks to {length} bytes where {unpacked.Length} are due");
            }
        }
        catch (UnpackException e)
        {
            _volume.Throw(ImageFault.Corrupt, _what, $"block {index}: {e.Message}");
        }

        return unpacked;
    }

    private long Pointer(long index)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        _packed.Read(_header.Bytes + (index * _header.PointerBytes), bytes[.._header.PointerBytes]);
        ulong pointer = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return pointer <= long.MaxValue ? (long)pointer : -1;
    }
}

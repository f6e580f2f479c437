namespace BlockRbd.Unpacking.Xz;

/// <summary>The index behind the blocks (xz file format 4), compared with the blocks that were there. Their sizes are kept as a running sum only.</summary>
internal sealed class XzIndex
{
    private const string Format = "xz index";
    private ulong _blocks;
    private ulong _seen;   // of both sizes of every block, in order
    private ulong _listed; // the same, as the index has it

    /// <summary>Counts a block.</summary>
    /// <param name="unpadded">Its bytes without padding.</param>
    /// <param name="unpacked">Bytes that came out of it.</param>
    public void Add(long unpadded, long unpacked)
    {
        if (++_blocks > UnpackLimits.XzBlocks)
        {
            UnpackException.Unsupported(Format, $"more than {UnpackLimits.XzBlocks} blocks");
        }

        _seen = Mix(Mix(_seen, (ulong)unpadded), (ulong)unpacked);
    }

    /// <summary>Reads the index, whose first byte has been read already.</summary>
    /// <returns>Its bytes.</returns>
    public long Check(PackedInput input)
    {
        long start = input.Position - 1;
        uint crc = Checksums.Crc32(0, [0]);
        ulong count = Number(input, ref crc);
        if (count != _blocks)
        {
            UnpackException.Corrupt(Format, $"lists {count} blocks, there are {_blocks}");
        }

        for (ulong i = 0; i < count; i++)
        {
            _listed = Mix(Mix(_listed, Number(input, ref crc)), Number(input, ref crc));
        }

        while ((input.Position - start) % 4 != 0)
        {
            crc = Checksums.Crc32(crc, [input.ReadByte()]);
        }

        long length = input.Position - start + sizeof(uint);
        if (_listed != _seen || !StoredChecksum.Matches(input.ReadUInt32LittleEndian(), crc))
        {
            UnpackException.Corrupt(Format, "it isn't that of the blocks");
        }

        return length;
    }

    private static ulong Mix(ulong sum, ulong value) => unchecked(((sum ^ value) * 0x9E3779B97F4A7C15) + (sum >> 32));

    private static ulong Number(PackedInput input, ref uint crc)
    {
        ulong value = 0;
        for (int i = 0; i < 9; i++)
        {
            byte next = input.ReadByte();
            crc = Checksums.Crc32(crc, [next]);
            value |= (ulong)(next & 0x7F) << (i * 7);
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }

        UnpackException.Corrupt(Format, "a number has no end");
        return 0;
    }
}

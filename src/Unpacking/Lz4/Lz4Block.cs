namespace BlockRbd.Unpacking.Lz4;

/// <summary>LZ4's block format (lz4_Block_format.md).</summary>
internal static class Lz4Block
{
    private const string Format = "lz4 block";
    private const int MinMatch = 4;

    /// <summary>Unpacks a block.</summary>
    /// <param name="source">The block, to its last byte.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="partial">Whether more may be in it than the destination holds, as in EROFS: the rest is left then.</param>
    /// <returns>Bytes that came out.</returns>
    public static int Unpack(ReadOnlySpan<byte> source, Span<byte> destination, bool partial = false)
    {
        int next = 0, written = 0;
        while (next < source.Length)
        {
            int token = source[next++];
            int literals = Length(source, ref next, token >> 4);
            if (literals > source.Length - next)
            {
                UnpackException.Truncated(Format);
            }

            int room = destination.Length - written;
            if (literals > room)
            {
                if (!partial)
                {
                    UnpackException.OverLimit(Format, destination.Length);
                }

                literals = room;
            }

            source.Slice(next, literals).CopyTo(destination[written..]);
            next += literals;
            written += literals;
            if (next == source.Length || (partial && written == destination.Length))
            {
                return written; // the last sequence has literals alone
            }

            if (source.Length - next < sizeof(ushort))
            {
                UnpackException.Truncated(Format);
            }

            int distance = source[next] | (source[next + 1] << 8);
            next += sizeof(ushort);
            int length = MinMatch + Length(source, ref next, token & 0xF);
            if (distance == 0 || distance > written)
            {
                UnpackException.Corrupt(Format, "a match reaches back before the data's beginning");
            }

            if (length > destination.Length - written)
            {
                if (!partial)
                {
                    UnpackException.OverLimit(Format, destination.Length);
                }

                length = destination.Length - written;
            }

            Overlap.Copy(destination, written, distance, length);
            written += length;
            if (partial && written == destination.Length)
            {
                return written;
            }
        }

        UnpackException.Truncated(Format);
        return written;
    }

    private static int Length(ReadOnlySpan<byte> source, ref int next, int length)
    {
        if (length < 0xF)
        {
            return length;
        }

        byte more;
        do
        {
            if (next == source.Length)
            {
                UnpackException.Truncated(Format);
            }

            more = source[next++];
            length += more; // at most 255 times the source's length, which is an array's
        }
        while (more == byte.MaxValue);
        return length;
    }
}

namespace BlockRbd.Unpacking.Lzo;

/// <summary>LZO1X (Documentation/staging/lzo.rst of Linux, by its names; bitstream version 0, which is all that lzop and filesystems write).</summary>
internal static class Lzo1xBlock
{
    private const string Format = "lzo1x block";
    private const int LongLiterals = 4; // the state after a run of four literals or more

    /// <summary>Unpacks a block up to its end marker.</summary>
    /// <param name="source">The block.</param>
    /// <param name="destination">Where it goes.</param>
    /// <returns>Bytes that came out.</returns>
    public static int Unpack(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Cursor cursor = new(source, destination);
        int state = 0;
        byte first = cursor.Peek();
        if (first > 17)
        {
            cursor.Next();
            cursor.Literals(first - 17);
            state = Math.Min(first - 17, LongLiterals);
        }

        while (true)
        {
            int instruction = cursor.Next();
            if (instruction < 16 && state == 0)
            {
                cursor.Literals(3 + cursor.Length(instruction, 15));
                state = LongLiterals;
                continue;
            }

            int distance, length;
            switch (instruction)
            {
                case < 16: // 0000DDSS
                    distance = (cursor.Next() << 2) + (instruction >> 2) + (state == LongLiterals ? 2049 : 1);
                    length = state == LongLiterals ? 3 : 2;
                    state = instruction & 3;
                    break;
                case < 32: // 0001HLLL
                    length = 2 + cursor.Length(instruction & 7, 7);
                    distance = 16384 + ((instruction & 8) << 11) + cursor.DistanceAndState(out state);
                    if (distance == 16384)
                    {
                        return cursor.Finish(length);
                    }

                    break;
                case < 64: // 001LLLLL
                    length = 2 + cursor.Length(instruction & 31, 31);
                    distance = 1 + cursor.DistanceAndState(out state);
                    break;
                default: // 01LDDDSS, 1LLDDDSS
                    length = instruction < 128 ? 3 + ((instruction >> 5) & 1) : 5 + ((instruction >> 5) & 3);
                    distance = (cursor.Next() << 3) + ((instruction >> 2) & 7) + 1;
                    state = instruction & 3;
                    break;
            }

            cursor.Match(distance, length);
            cursor.Literals(state);
        }
    }

    private ref struct Cursor(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        private readonly ReadOnlySpan<byte> _source = source;
        private readonly Span<byte> _destination = destination;
        private int _next;
        private int _written;

        public readonly byte Peek()
        {
            if (_next == _source.Length)
            {
                UnpackException.Truncated(Format);
            }

            return _source[_next];
        }

        public byte Next()
        {
            byte value = Peek();
            _next++;
            return value;
        }

        /// <summary>A length of few bits, or with zero in them: all ones, 255 for each zero byte, and the byte behind.</summary>
        public int Length(int bits, int whenZero)
        {
            if (bits != 0)
            {
                return bits;
            }

            int length = whenZero;
            byte more;
            while ((more = Next()) == 0)
            {
                length += byte.MaxValue; // at most 255 times the source's length, which is an array's
            }

            return length + more;
        }

        public int DistanceAndState(out int state)
        {
            int value = Next() | (Next() << 8);
            state = value & 3;
            return value >> 2;
        }

        public void Literals(int length)
        {
            if (length > _source.Length - _next)
            {
                UnpackException.Truncated(Format);
            }

            Need(length);
            _source.Slice(_next, length).CopyTo(_destination[_written..]);
            _next += length;
            _written += length;
        }

        public void Match(int distance, int length)
        {
            if (distance > _written)
            {
                UnpackException.Corrupt(Format, "a match reaches back before the data's beginning");
            }

            Need(length);
            Overlap.Copy(_destination, _written, distance, length);
            _written += length;
        }

        public readonly int Finish(int length)
        {
            if (length != 3)
            {
                UnpackException.Corrupt(Format, "its end marker has a wrong length");
            }

            return _written;
        }

        private readonly void Need(int length)
        {
            if (length > _destination.Length - _written)
            {
                UnpackException.OverLimit(Format, _destination.Length);
            }
        }
    }
}

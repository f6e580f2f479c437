namespace BlockRbd.Unpacking.Bzip2;

/// <summary>One block: Huffman codes, move to front, run lengths, Burrows-Wheeler, run lengths again. No specification but the format's own code (bzip2's decompress.c).</summary>
/// <param name="bits">Stands behind the block's magic number.</param>
/// <param name="maxBytes">900000 or less: the stream's level.</param>
internal sealed class Bzip2Block(BitReader bits, int maxBytes)
{
    private const string Format = "bzip2 block";
    private const int GroupSymbols = 50;
    private const int MaxSelectors = 32768; // 15 bits
    private const int RunA = 0;
    private const int RunB = 1;

    // Low 8 bits: the byte. High 24: the place of the byte that follows (decompress.c: tt).
    private readonly uint[] _links = new uint[maxBytes];
    private readonly int[] _counts = new int[256];
    private readonly byte[] _out = new byte[UnpackLimits.ReadBytes];

    /// <summary>Unpacks the block.</summary>
    /// <returns>Its checksum.</returns>
    public uint Decode(IByteSink sink)
    {
        uint stored = (uint)bits.Read(32);
        if (bits.ReadBit())
        {
            UnpackException.Unsupported(Format, "it is randomised, as no bzip2 since 1998 makes them");
        }

        int origin = bits.ReadInt(24);
        int length = Symbols(UsedBytes());
        if (origin >= length)
        {
            UnpackException.Corrupt(Format, $"it starts at {origin} of {length} bytes");
        }

        Link(length);
        if (!StoredChecksum.Matches(stored, Write(origin, length, sink)))
        {
            UnpackException.Corrupt(Format, "its checksum is wrong");
        }

        return stored;
    }

    private byte[] UsedBytes()
    {
        int groups = bits.ReadInt(16);
        List<byte> used = [];
        for (int group = 0; group < 16; group++)
        {
            int members = (groups & (0x8000 >> group)) != 0 ? bits.ReadInt(16) : 0;
            for (int i = 0; i < 16; i++)
            {
                if ((members & (0x8000 >> i)) != 0)
                {
                    used.Add((byte)((group * 16) + i));
                }
            }
        }

        if (used.Count == 0)
        {
            UnpackException.Corrupt(Format, "it uses no bytes");
        }

        return [.. used];
    }

    private (HuffmanTable[] Tables, byte[] Selectors) Codes(int symbols)
    {
        int tables = bits.ReadInt(3), selectors = bits.ReadInt(15);
        if (tables is < 2 or > 6 || selectors is < 1 or > MaxSelectors)
        {
            UnpackException.Corrupt(Format, $"{tables} tables, {selectors} selectors");
        }

        byte[] order = [0, 1, 2, 3, 4, 5], chosen = new byte[selectors];
        for (int i = 0; i < selectors; i++)
        {
            int place = 0;
            while (bits.ReadBit())
            {
                if (++place >= tables)
                {
                    UnpackException.Corrupt(Format, "a selector of no table");
                }
            }

            chosen[i] = ToFront(order, place);
        }

        HuffmanTable[] codes = new HuffmanTable[tables];
        byte[] lengths = new byte[symbols];
        for (int table = 0; table < tables; table++)
        {
            int length = bits.ReadInt(5);
            for (int i = 0; i < symbols; i++)
            {
                while (length is >= 1 and <= HuffmanTable.MaxBits && bits.ReadBit())
                {
                    length += bits.ReadBit() ? -1 : 1;
                }

                if (length is < 1 or > HuffmanTable.MaxBits)
                {
                    UnpackException.Corrupt(Format, $"a code of {length} bits");
                }

                lengths[i] = (byte)length;
            }

            codes[table] = new HuffmanTable(lengths);
        }

        return (codes, chosen);
    }

    /// <summary>Fills <see cref="_links"/> with the bytes of the last column.</summary>
    /// <returns>How many.</returns>
    private int Symbols(byte[] used)
    {
        int end = used.Length + 1; // RUNA, RUNB, then all but the first byte, then the end
        (HuffmanTable[] tables, byte[] selectors) = Codes(symbols: end + 1);
        Array.Clear(_counts);
        int count = 0, run = 0, weight = 1;
        for (int read = 0; ; read++)
        {
            if (read / GroupSymbols >= selectors.Length)
            {
                UnpackException.Corrupt(Format, "it goes on behind its last selector");
            }

            int symbol = tables[selectors[read / GroupSymbols]].Decode(bits);
            if (symbol is RunA or RunB)
            {
                run += weight << symbol;
                weight <<= 1;
                if (run > maxBytes - count)
                {
                    UnpackException.Corrupt(Format, "it is longer than its stream's level allows");
                }

                continue;
            }

            _links.AsSpan(count, run).Fill(used[0]);
            _counts[used[0]] += run;
            count += run;
            (run, weight) = (0, 1);
            if (symbol == end)
            {
                return count;
            }

            if (symbol < 0 || count == maxBytes)
            {
                UnpackException.Corrupt(Format, symbol < 0 ? "bits that are no code" : "it is longer than its stream's level allows");
            }

            byte value = ToFront(used, symbol - 1);
            _links[count++] = value;
            _counts[value]++;
        }
    }

    private static byte ToFront(byte[] order, int place)
    {
        byte value = order[place];
        order.AsSpan(0, place).CopyTo(order.AsSpan(1));
        order[0] = value;
        return value;
    }

    private void Link(int length)
    {
        Span<int> starts = stackalloc int[256];
        int sum = 0;
        for (int value = 0; value < 256; value++)
        {
            starts[value] = sum;
            sum += _counts[value];
        }

        for (uint i = 0; i < length; i++)
        {
            _links[starts[(int)(_links[i] & 0xFF)]++] |= i << 8;
        }
    }

    /// <summary>Follows the links, and repeats: four equal bytes are followed by how many more there are.</summary>
    /// <returns>The checksum of what came out.</returns>
    private uint Write(int origin, int length, IByteSink sink)
    {
        uint crc = uint.MaxValue, place = _links[origin] >> 8;
        int used = 0, equal = 0, before = -1;
        for (int i = 0; i < length; i++)
        {
            byte value = (byte)(_links[place] & 0xFF);
            place = _links[place] >> 8;
            int repeat = 1;
            if (equal == 4)
            {
                (repeat, value, equal) = (value, (byte)before, 0);
                before = -1; // a fifth equal byte begins a new run
            }
            else
            {
                equal = value == before ? equal + 1 : 1;
                before = value;
            }

            if (used + repeat > _out.Length)
            {
                crc = Bzip2Crc.Append(crc, _out.AsSpan(0, used));
                sink.Write(_out.AsSpan(0, used));
                used = 0;
            }

            _out.AsSpan(used, repeat).Fill(value);
            used += repeat;
        }

        crc = Bzip2Crc.Append(crc, _out.AsSpan(0, used));
        sink.Write(_out.AsSpan(0, used));
        return ~crc;
    }
}

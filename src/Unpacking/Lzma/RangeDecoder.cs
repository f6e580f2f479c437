namespace BlockRbd.Unpacking.Lzma;

/// <summary>LZMA's range decoder (LZMA specification, "Range Decoder"). A probability has 11 bits.</summary>
/// <param name="input">The packed bytes.</param>
internal sealed class RangeDecoder(PackedInput input)
{
    public const ushort Half = 1 << 10; // the probability that every bit starts with

    private const int MoveBits = 5;
    private const int ModelBits = 11;
    private const uint Top = 1 << 24;
    private uint _range;
    private uint _code;

    /// <summary>Whether the code is at its end, as it is where data without an end marker ends.</summary>
    public bool IsFinished => _code == 0;

    public void Start()
    {
        if (input.ReadByte() != 0)
        {
            UnpackException.Corrupt(input.Format, "the range coder's first byte isn't zero");
        }

        _range = uint.MaxValue;
        _code = input.ReadUInt32BigEndian();
    }

    public int Bit(ref ushort probability)
    {
        unchecked
        {
            uint bound = (_range >> ModelBits) * probability;
            int bit;
            if (_code < bound)
            {
                _range = bound;
                probability += (ushort)(((1 << ModelBits) - probability) >> MoveBits);
                bit = 0;
            }
            else
            {
                _range -= bound;
                _code -= bound;
                probability -= (ushort)(probability >> MoveBits);
                bit = 1;
            }

            Normalize();
            return bit;
        }
    }

    public int Tree(Span<ushort> probabilities, int bits)
    {
        int symbol = 1;
        for (int i = 0; i < bits; i++)
        {
            symbol = (symbol << 1) | Bit(ref probabilities[symbol]);
        }

        return symbol - (1 << bits);
    }

    public int ReverseTree(Span<ushort> probabilities, int bits)
    {
        int node = 1, symbol = 0;
        for (int i = 0; i < bits; i++)
        {
            int bit = Bit(ref probabilities[node]);
            node = (node << 1) | bit;
            symbol |= bit << i;
        }

        return symbol;
    }

    /// <summary>Bits that are as likely as not.</summary>
    public uint Direct(int bits)
    {
        unchecked
        {
            uint result = 0;
            for (int i = 0; i < bits; i++)
            {
                _range >>= 1;
                uint below = _code < _range ? 1u : 0u;
                _code -= _range & (below - 1);
                Normalize();
                result = (result << 1) | (1 - below);
            }

            return result;
        }
    }

    private void Normalize()
    {
        if (_range < Top)
        {
            _range <<= 8;
            _code = (_code << 8) | input.ReadByte();
        }
    }
}

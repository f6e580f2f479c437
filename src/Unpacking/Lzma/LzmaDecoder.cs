namespace BlockRbd.Unpacking.Lzma;

/// <summary>LZMA itself, without a container: the specification of the LZMA SDK, by its names.</summary>
/// <param name="input">The packed bytes.</param>
/// <param name="window">Where they come out.</param>
internal sealed class LzmaDecoder(PackedInput input, OutputWindow window)
{
    private const int States = 12;
    private const int MaxPositionBits = 4;
    private const int FirstDistanceWithDirectBits = 14; // kEndPosModelIndex
    private const int AlignBits = 4;
    private const uint EndMarker = uint.MaxValue;

    private readonly RangeDecoder _range = new(input);
    private readonly LengthDecoder _lengths = new();
    private readonly LengthDecoder _repeatLengths = new();
    private readonly ushort[] _isMatch = new ushort[States << MaxPositionBits];
    private readonly ushort[] _isRep = new ushort[States];
    private readonly ushort[] _isRepG0 = new ushort[States];
    private readonly ushort[] _isRepG1 = new ushort[States];
    private readonly ushort[] _isRepG2 = new ushort[States];
    private readonly ushort[] _isRep0Long = new ushort[States << MaxPositionBits];
    private readonly ushort[] _slots = new ushort[4 << 6];
    private readonly ushort[] _positions = new ushort[1 + 128 - FirstDistanceWithDirectBits];
    private readonly ushort[] _align = new ushort[1 << AlignBits];
    private ushort[] _literals = [];
    private int _lc;
    private int _lp;
    private int _pb;
    private int _state;
    private uint _rep0;
    private uint _rep1;
    private uint _rep2;
    private uint _rep3;

    /// <summary>Takes lc, lp and pb from their byte.</summary>
    /// <param name="properties">(pb * 5 + lp) * 9 + lc.</param>
    /// <param name="maxLiteralBits">The most that lc + lp may be: 4 in LZMA2, 12 alone.</param>
    public void SetProperties(byte properties, int maxLiteralBits)
    {
        _lc = properties % 9;
        _lp = properties / 9 % 5;
        _pb = properties / 45;
        if (_pb > MaxPositionBits || _lc + _lp > maxLiteralBits)
        {
            UnpackException.Corrupt(input.Format, $"properties 0x{properties:x2}");
        }

        int needed = 0x300 << (_lc + _lp);
        _literals = _literals.Length == needed ? _literals : new ushort[needed];
    }

    /// <summary>Forgets all that was learned.</summary>
    public void ResetState()
    {
        foreach (ushort[] probabilities in (ReadOnlySpan<ushort[]>)
            [_isMatch, _isRep, _isRepG0, _isRepG1, _isRepG2, _isRep0Long, _slots, _positions, _align, _literals])
        {
            probabilities.AsSpan().Fill(RangeDecoder.Half);
        }

        _lengths.Reset();
        _repeatLengths.Reset();
        _state = 0;
        _rep0 = _rep1 = _rep2 = _rep3 = 0;
    }

    /// <summary>Starts the range coder: at the beginning of the data, and of every chunk of LZMA2.</summary>
    public void StartRange() => _range.Start();

    /// <summary>Whether the range coder is at its end.</summary>
    public bool IsFinished => _range.IsFinished;

    /// <summary>Unpacks until the length is reached or the end marker comes.</summary>
    /// <param name="length">Bytes that may come out; a match that goes on behind them is an error.</param>
    /// <returns>Whether the end marker came.</returns>
    public bool Decode(long length)
    {
        long end = length > long.MaxValue - window.Total ? long.MaxValue : window.Total + length;
        while (window.Total < end)
        {
            int positionState = (int)window.Total & ((1 << _pb) - 1);
            if (_range.Bit(ref _isMatch[(_state << MaxPositionBits) + positionState]) == 0)
            {
                window.Put(Literal());
                _state = _state < 4 ? 0 : _state < 10 ? _state - 3 : _state - 6;
            }
            else if (!Match(positionState, end - window.Total))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads the end marker that stands behind data whose length is known.</summary>
    public void EndMarkerOnly()
    {
        int positionState = (int)window.Total & ((1 << _pb) - 1);
        if (_range.Bit(ref _isMatch[(_state << MaxPositionBits) + positionState]) == 0 || Match(positionState, 0))
        {
            UnpackException.Corrupt(input.Format, "there is more data than its header says");
        }
    }

    private byte Literal()
    {
        byte before = window.Total > 0 ? window.At(1) : (byte)0;
        int which = (((int)window.Total & ((1 << _lp) - 1)) << _lc) + (before >> (8 - _lc));
        Span<ushort> probabilities = _literals.AsSpan(which * 0x300, 0x300);
        int symbol = 1;
        if (_state >= 7)
        {
            int matched = window.At(Distance(_rep0));
            do
            {
                int matchedBit = (matched >> 7) & 1;
                matched <<= 1;
                int bit = _range.Bit(ref probabilities[((1 + matchedBit) << 8) + symbol]);
                symbol = (symbol << 1) | bit;
                if (matchedBit != bit)
                {
                    break;
                }
            }
            while (symbol < 0x100);
        }

        while (symbol < 0x100)
        {
            symbol = (symbol << 1) | _range.Bit(ref probabilities[symbol]);
        }

        return (byte)(symbol & 0xFF);
    }

    /// <returns>False for the end marker.</returns>
    private bool Match(int positionState, long room)
    {
        int length;
        if (_range.Bit(ref _isRep[_state]) == 0)
        {
            (_rep3, _rep2, _rep1) = (_rep2, _rep1, _rep0);
            length = _lengths.Decode(_range, positionState);
            _state = _state < 7 ? 7 : 10;
            _rep0 = NewDistance(length);
            if (_rep0 == EndMarker)
            {
                return false;
            }
        }
        else if (ShortRepeat(positionState))
        {
            length = 1;
            _state = _state < 7 ? 9 : 11;
        }
        else
        {
            length = _repeatLengths.Decode(_range, positionState);
            _state = _state < 7 ? 8 : 11;
        }

        if (length > room)
        {
            UnpackException.Corrupt(input.Format, "a match goes on behind the end of the data");
        }

        window.Repeat(Distance(_rep0), length);
        return true;
    }

    /// <summary>Chooses which of the last four distances is repeated.</summary>
    /// <returns>Whether it is for one byte alone.</returns>
    private bool ShortRepeat(int positionState)
    {
        if (_range.Bit(ref _isRepG0[_state]) == 0)
        {
            return _range.Bit(ref _isRep0Long[(_state << MaxPositionBits) + positionState]) == 0;
        }

        if (_range.Bit(ref _isRepG1[_state]) == 0)
        {
            (_rep0, _rep1) = (_rep1, _rep0);
        }
        else if (_range.Bit(ref _isRepG2[_state]) == 0)
        {
            (_rep0, _rep1, _rep2) = (_rep2, _rep0, _rep1);
        }
        else
        {
            (_rep0, _rep1, _rep2, _rep3) = (_rep3, _rep0, _rep1, _rep2);
        }

        return false;
    }

    private int Distance(uint rep)
    {
        if (!window.Reaches(rep + 1L))
        {
            UnpackException.Corrupt(input.Format, "a match reaches back before the data's beginning");
        }

        return (int)rep + 1;
    }

    private uint NewDistance(int length)
    {
        int lengthState = Math.Min(length - 2, 3);
        int slot = _range.Tree(_slots.AsSpan(lengthState << 6, 1 << 6), 6);
        if (slot < 4)
        {
            return (uint)slot;
        }

        int directBits = (slot >> 1) - 1;
        uint distance = (2u | ((uint)slot & 1)) << directBits;
        if (slot < FirstDistanceWithDirectBits)
        {
            return distance + (uint)_range.ReverseTree(_positions.AsSpan((int)distance - slot), directBits);
        }

        distance = unchecked(distance + (_range.Direct(directBits - AlignBits) << AlignBits));
        return unchecked(distance + (uint)_range.ReverseTree(_align, AlignBits));
    }
}

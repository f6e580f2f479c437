namespace BlockRbd.Unpacking.Lzma;

/// <summary>LZMA2: chunks of LZMA or of plain bytes (xz file format 5.3.1; the chunks as in xz-embedded's xz_dec_lzma2.c).</summary>
/// <param name="input">The packed bytes.</param>
/// <param name="window">Where they come out.</param>
internal sealed class Lzma2Decoder(PackedInput input, OutputWindow window)
{
    private readonly LzmaDecoder _lzma = new(input, window);
    private bool _needsDictionaryReset = true;
    private bool _needsProperties = true;

    /// <summary>Unpacks all chunks up to the end marker.</summary>
    public void Decode()
    {
        for (byte control = input.ReadByte(); control != 0; control = input.ReadByte())
        {
            if (control >= 0xE0 || control == 1)
            {
                window.Reset();
                _needsDictionaryReset = false;
                _needsProperties = true;
            }
            else if (_needsDictionaryReset)
            {
                UnpackException.Corrupt(input.Format, "the first chunk doesn't reset the dictionary");
            }

            if (control >= 0x80)
            {
                CodedChunk(control);
            }
            else if (control <= 2)
            {
                PlainChunk(1 + input.ReadUInt16BigEndian());
            }
            else
            {
                UnpackException.Corrupt(input.Format, $"control byte 0x{control:x2}");
            }
        }

        window.Flush();
    }

    private void CodedChunk(byte control)
    {
        int unpacked = ((control & 0x1F) << 16) + input.ReadUInt16BigEndian() + 1;
        int packed = input.ReadUInt16BigEndian() + 1;
        if (control >= 0xC0)
        {
            _lzma.SetProperties(input.ReadByte(), maxLiteralBits: 4);
            _needsProperties = false;
        }
        else if (_needsProperties)
        {
            UnpackException.Corrupt(input.Format, "a chunk without properties before any has set them");
        }

        if (control >= 0xA0)
        {
            _lzma.ResetState();
        }

        long start = input.Position;
        _lzma.StartRange();
        if (_lzma.Decode(unpacked) || !_lzma.IsFinished || input.Position - start != packed)
        {
            UnpackException.Corrupt(input.Format, "a chunk is not as long as it says");
        }
    }

    private void PlainChunk(int length)
    {
        Span<byte> bytes = stackalloc byte[1 << 12];
        for (int count; length > 0; length -= count)
        {
            count = Math.Min(length, bytes.Length);
            input.ReadExactly(bytes[..count]);
            window.Write(bytes[..count]);
        }
    }
}

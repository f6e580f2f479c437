using System.Buffers.Binary;

namespace BlockRbd.Unpacking.Xz;

/// <summary>Makes the targets of x86 calls and jumps relative again (BCJ; xz-embedded's xz_dec_bcj.c, bcj_x86).</summary>
/// <param name="next">Where the bytes go on to.</param>
internal sealed class X86Filter(IByteSink next) : IByteSink
{
    private const int Ahead = 4; // bytes behind an opcode that have to be there
    private readonly byte[] _buffer = new byte[UnpackLimits.ReadBytes];
    private int _kept;
    private uint _position; // of the buffer's start in the data
    private uint _previousMask;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int count = Math.Min(bytes.Length, _buffer.Length - _kept);
            bytes[..count].CopyTo(_buffer.AsSpan(_kept));
            bytes = bytes[count..];
            _kept += count;
            int done = Filter(_buffer.AsSpan(0, _kept));
            next.Write(_buffer.AsSpan(0, done));
            _buffer.AsSpan(done, _kept - done).CopyTo(_buffer);
            _kept -= done;
            _position = unchecked(_position + (uint)done);
        }
    }

    /// <summary>The last bytes, which are too few to hold a target.</summary>
    public void Finish()
    {
        next.Write(_buffer.AsSpan(0, _kept));
        _kept = 0;
    }

    private static bool IsTopByte(byte value) => value is 0x00 or 0xFF;

    /// <returns>Bytes that are final.</returns>
    private int Filter(Span<byte> bytes)
    {
        const uint AllowedMasks = 0b0001_0111; // mask_to_allowed_status: 0, 1, 2 and 4
        ReadOnlySpan<byte> bitNumbers = [0, 1, 2, 2, 3, 3, 3, 3]; // mask_to_bit_num
        if (bytes.Length <= Ahead)
        {
            return 0;
        }

        int previous = -1, i = 0;
        uint mask = _previousMask;
        for (; i < bytes.Length - Ahead; i++)
        {
            if ((bytes[i] & 0xFE) != 0xE8)
            {
                continue; // neither CALL nor JMP
            }

            int distance = i - previous;
            if (distance > 3)
            {
                mask = 0;
            }
            else
            {
                mask = (mask << (distance - 1)) & 7;
                if (mask != 0 && ((AllowedMasks >> (int)mask & 1) == 0 || IsTopByte(bytes[i + Ahead - bitNumbers[(int)mask]])))
                {
                    previous = i;
                    mask = (mask << 1) | 1;
                    continue;
                }
            }

            previous = i;
            if (!IsTopByte(bytes[i + Ahead]))
            {
                mask = (mask << 1) | 1;
                continue;
            }

            Convert(bytes.Slice(i + 1, sizeof(uint)), unchecked(_position + (uint)i + 5), mask == 0 ? null : bitNumbers[(int)mask] * 8);
            i += Ahead;
            mask = 0;
        }

        previous = i - previous;
        _previousMask = previous > 3 ? 0 : mask << (previous - 1);
        return i;
    }

    private static void Convert(Span<byte> target, uint position, int? shift)
    {
        unchecked
        {
            uint source = BinaryPrimitives.ReadUInt32LittleEndian(target), relative = source - position;
            while (shift is { } bits && IsTopByte((byte)(relative >> (24 - bits))))
            {
                source = relative ^ ((1u << (32 - bits)) - 1);
                relative = source - position;
            }

            relative &= 0x01FFFFFF;
            relative |= 0u - (relative & 0x01000000);
            BinaryPrimitives.WriteUInt32LittleEndian(target, relative);
        }
    }
}

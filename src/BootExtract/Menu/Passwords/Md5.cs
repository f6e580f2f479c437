using System.Buffers.Binary;
using System.Numerics;

namespace BlockRbd.BootExtract.Menu.Passwords;

/// <summary>MD5 (RFC 1321), for GRUB legacy's passwords and nothing else.</summary>
internal static class Md5
{
    private const int BlockBytes = 64;

    private static readonly int[] Shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

    // RFC 1321 3.4: 4294967296 times abs(sin(i)), i in radians.
    private static readonly uint[] T = [.. Enumerable.Range(1, 64).Select(i => (uint)(4294967296.0 * Math.Abs(Math.Sin(i))))];

    /// <summary>The digest: 16 bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> message)
    {
        byte[] padded = new byte[((message.Length + 8) / BlockBytes * BlockBytes) + BlockBytes];
        message.CopyTo(padded);
        padded[message.Length] = 0x80;
        BinaryPrimitives.WriteInt64LittleEndian(padded.AsSpan(padded.Length - 8), message.Length * 8L);
        uint[] state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476];
        for (int at = 0; at < padded.Length; at += BlockBytes)
        {
            Work(state, padded.AsSpan(at, BlockBytes));
        }

        byte[] digest = new byte[16];
        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(digest.AsSpan(4 * i), state[i]);
        }

        return digest;
    }

    private static void Work(uint[] state, ReadOnlySpan<byte> block)
    {
        unchecked
        {
            (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
            for (int i = 0; i < 64; i++)
            {
                (uint f, int word) = (i / 16) switch
                {
                    0 => ((b & c) | (~b & d), i),
                    1 => ((d & b) | (~d & c), ((5 * i) + 1) % 16),
                    2 => (b ^ c ^ d, ((3 * i) + 5) % 16),
                    _ => (c ^ (b | ~d), 7 * i % 16),
                };
                uint sum = a + f + T[i] + BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * word)..]);
                (a, d, c, b) = (d, c, b, b + BitOperations.RotateLeft(sum, Shifts[(i / 16 * 4) + (i % 4)]));
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
        }
    }
}

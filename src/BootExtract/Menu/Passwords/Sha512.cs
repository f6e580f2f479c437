using System.Buffers.Binary;
using System.Numerics;

namespace BlockRbd.BootExtract.Menu.Passwords;

/// <summary>SHA-512 (FIPS 180-4).</summary>
/// <remarks>By hand: the runtime's own loads the host's OpenSSL, and a bootloader shouldn't need one.</remarks>
internal sealed class Sha512
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestBytes = 64;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 128;

    private const int Rounds = 80;

    // FIPS 180-4 4.2.3 and 5.3.5: fractional parts of the cube roots of the first 80 primes, and of the square roots of the first eight.
    private static readonly ulong[] K = [.. Primes(Rounds).Select(prime => FractionOfRoot(prime, 3))];
    private static readonly ulong[] Initial = [.. Primes(8).Select(prime => FractionOfRoot(prime, 2))];

    private readonly ulong[] _state = [.. Initial];
    private readonly ulong[] _schedule = new ulong[Rounds];
    private readonly byte[] _block = new byte[BlockBytes];
    private int _filled;
    private long _length;

    /// <summary>Takes over where another one stands: what both have in front is worked through once.</summary>
    public void CopyFrom(Sha512 other)
    {
        other._state.CopyTo(_state, 0);
        other._block.CopyTo(_block, 0);
        _filled = other._filled;
        _length = other._length;
    }

    /// <summary>Takes more bytes in.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        _length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, BlockBytes - _filled);
            bytes[..count].CopyTo(_block.AsSpan(_filled));
            bytes = bytes[count..];
            _filled += count;
            if (_filled == BlockBytes)
            {
                Work();
                _filled = 0;
            }
        }
    }

    /// <summary>Ends it.</summary>
    public void Finish(Span<byte> digest)
    {
        long bits = _length * 8;
        Span<byte> padding = stackalloc byte[BlockBytes + 16];
        padding.Clear();
        padding[0] = 0x80;
        int zeros = (_filled < BlockBytes - 16 ? BlockBytes : 2 * BlockBytes) - _filled - 16;
        Add(padding[..zeros]);
        padding.Clear();
        BinaryPrimitives.WriteInt64BigEndian(padding[8..], bits);
        Add(padding[..16]);
        for (int i = 0; i < _state.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(digest[(8 * i)..], _state[i]);
        }
    }

    private void Work()
    {
        unchecked
        {
            ulong[] w = _schedule;
            for (int t = 0; t < 16; t++)
            {
                w[t] = BinaryPrimitives.ReadUInt64BigEndian(_block.AsSpan(8 * t));
            }

            for (int t = 16; t < Rounds; t++)
            {
                ulong s0 = BitOperations.RotateRight(w[t - 15], 1) ^ BitOperations.RotateRight(w[t - 15], 8) ^ (w[t - 15] >> 7);
                ulong s1 = BitOperations.RotateRight(w[t - 2], 19) ^ BitOperations.RotateRight(w[t - 2], 61) ^ (w[t - 2] >> 6);
                w[t] = s1 + w[t - 7] + s0 + w[t - 16];
            }

            (ulong a, ulong b, ulong c, ulong d) = (_state[0], _state[1], _state[2], _state[3]);
            (ulong e, ulong f, ulong g, ulong h) = (_state[4], _state[5], _state[6], _state[7]);
            for (int t = 0; t < Rounds; t++)
            {
                ulong s1 = BitOperations.RotateRight(e, 14) ^ BitOperations.RotateRight(e, 18) ^ BitOperations.RotateRight(e, 41);
                ulong t1 = h + s1 + ((e & f) ^ (~e & g)) + K[t] + w[t];
                ulong s0 = BitOperations.RotateRight(a, 28) ^ BitOperations.RotateRight(a, 34) ^ BitOperations.RotateRight(a, 39);
                ulong t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
                (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
            }

            _state[0] += a;
            _state[1] += b;
            _state[2] += c;
            _state[3] += d;
            _state[4] += e;
            _state[5] += f;
            _state[6] += g;
            _state[7] += h;
        }
    }

    private static IEnumerable<int> Primes(int count) =>
        Enumerable.Range(2, 500).Where(number => Enumerable.Range(2, number - 2).All(divisor => number % divisor != 0)).Take(count);

    /// <summary>The first 64 bits behind the point of a root: the whole root of the prime times 2^(64 * degree), without its upper bits.</summary>
    private static ulong FractionOfRoot(int prime, int degree)
    {
        BigInteger target = new BigInteger(prime) << (64 * degree);
        BigInteger low = 0;
        BigInteger high = BigInteger.One << 72;
        while (high - low > 1)
        {
            BigInteger middle = (low + high) >> 1;
            (low, high) = BigInteger.Pow(middle, degree) <= target ? (middle, high) : (low, middle);
        }

        return (ulong)(low & ulong.MaxValue);
    }
}

using System.Numerics;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>The hash that orders a directory's hash tree. Additions wrap around on purpose.</summary>
internal sealed class DirectoryHash
{
    private const byte Legacy = 0; // hash_version; 1 is half MD4
    private const byte Tea = 2;
    private const byte UnsignedOffset = 3; // 3, 4, 5 are the same three with names' bytes unsigned
    private const uint EndOfTree = 0xFFFFFFFE; // EXT4_HTREE_EOF_32BIT << 1: no name may have it

    private readonly byte _version;
    private readonly bool _unsigned;
    private readonly uint[] _seed;

    private DirectoryHash(byte version, bool isUnsigned, uint[] seed)
    {
        _version = version;
        _unsigned = isUnsigned;
        _seed = seed;
    }

    /// <summary>The hash of a directory's hash_version, or null for one that isn't computed here.</summary>
    public static DirectoryHash? Of(ExtSuperblock superblock, byte version)
    {
        bool isUnsigned = version >= UnsignedOffset || superblock.HashesUnsigned;
        byte plain = version >= UnsignedOffset ? (byte)(version - UnsignedOffset) : version;
        uint[] seed = superblock.HashSeed.Any(part => part != 0)
            ? superblock.HashSeed
            : [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]; // MD4's own
        return plain <= Tea ? new DirectoryHash(plain, isUnsigned, seed) : null;
    }

    /// <summary>The major hash of a name, its lowest bit clear.</summary>
    public uint Compute(ReadOnlySpan<byte> name)
    {
        uint hash = _version == Legacy ? LegacyHash(name) : MixedHash(name);
        hash &= ~1u;
        return hash == EndOfTree ? EndOfTree - 2 : hash;
    }

    private uint LegacyHash(ReadOnlySpan<byte> name)
    {
        unchecked
        {
            uint hash0 = 0x12A3FE2D;
            uint hash1 = 0x37ABE8F9;
            foreach (byte b in name)
            {
                uint hash = hash1 + (hash0 ^ (uint)(Signed(b) * 7152373));
                if ((hash & 0x80000000) != 0)
                {
                    hash -= 0x7FFFFFFF;
                }

                hash1 = hash0;
                hash0 = hash;
            }

            return hash0 << 1;
        }
    }

    /// <summary>Mixes a name's words into the seed, eight at a time with half MD4, four with TEA.</summary>
    private uint MixedHash(ReadOnlySpan<byte> name)
    {
        bool isTea = _version == Tea;
        Span<uint> state = stackalloc uint[4];
        Span<uint> words = stackalloc uint[8];
        words = words[..(isTea ? 4 : 8)];
        _seed.CopyTo(state);
        for (int at = 0; at < name.Length; at += words.Length * sizeof(uint))
        {
            FillWords(name[at..], words);
            if (isTea)
            {
                TeaTransform(state, words);
            }
            else
            {
                HalfMd4Transform(state, words);
            }
        }

        return state[isTea ? 0 : 1];
    }

    /// <summary>The name's next bytes as numbers, four in each, filled up with the length of what is left of the name.</summary>
    private void FillWords(ReadOnlySpan<byte> rest, Span<uint> words)
    {
        unchecked
        {
            uint pad = (uint)rest.Length | ((uint)rest.Length << 8);
            pad |= pad << 16;
            words.Fill(pad);
            int length = Math.Min(rest.Length, words.Length * sizeof(uint));
            uint value = pad;
            for (int i = 0; i < length; i++)
            {
                value = (uint)Signed(rest[i]) + (value << 8);
                words[i / sizeof(uint)] = value;
                if (i % sizeof(uint) == sizeof(uint) - 1)
                {
                    value = pad;
                }
            }
        }
    }

    private int Signed(byte b) => _unsigned ? b : unchecked((sbyte)b);

    private static void TeaTransform(Span<uint> state, ReadOnlySpan<uint> key)
    {
        unchecked
        {
            uint sum = 0;
            uint b0 = state[0];
            uint b1 = state[1];
            for (int round = 0; round < 16; round++)
            {
                sum += 0x9E3779B9;
                b0 += ((b1 << 4) + key[0]) ^ (b1 + sum) ^ ((b1 >> 5) + key[1]);
                b1 += ((b0 << 4) + key[2]) ^ (b0 + sum) ^ ((b0 >> 5) + key[3]);
            }

            state[0] += b0;
            state[1] += b1;
        }
    }

    /// <summary>Three rounds of eight steps: MD4's functions over half of its input.</summary>
    private static void HalfMd4Transform(Span<uint> state, ReadOnlySpan<uint> words)
    {
        ReadOnlySpan<byte> order = [0, 1, 2, 3, 4, 5, 6, 7, 1, 3, 5, 7, 0, 2, 4, 6, 3, 7, 2, 6, 1, 5, 0, 4];
        ReadOnlySpan<byte> shifts = [3, 7, 11, 19, 3, 5, 9, 13, 3, 9, 11, 15];
        ReadOnlySpan<uint> constants = [0, 0x5A827999, 0x6ED9EBA1];
        unchecked
        {
            (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
            for (int step = 0; step < order.Length; step++)
            {
                int round = step / 8;
                uint mixed = round switch
                {
                    0 => d ^ (b & (c ^ d)),
                    1 => (b & c) + ((b ^ c) & d),
                    _ => b ^ c ^ d,
                };
                uint turned = BitOperations.RotateLeft(
                    a + mixed + words[order[step]] + constants[round], shifts[(round * 4) + (step % 4)]);
                (a, b, c, d) = (d, turned, b, c);
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
        }
    }
}

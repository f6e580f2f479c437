using System.Buffers.Binary;
using System.Numerics;

namespace BlockRbd.GuestDisk.Hashes;

/// <summary>xxHash64 with seed 0, as Btrfs uses it (xxhash_spec.md).</summary>
internal static class XxHash64
{
    private const int StripeBytes = 32;
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        unchecked
        {
            ulong length = (ulong)bytes.Length;
            ulong hash = Prime5;
            if (bytes.Length >= StripeBytes)
            {
                (ulong a, ulong b, ulong c, ulong d) = (Prime1 + Prime2, Prime2, 0, 0 - Prime1);
                for (; bytes.Length >= StripeBytes; bytes = bytes[StripeBytes..])
                {
                    a = Round(a, U64(bytes));
                    b = Round(b, U64(bytes[8..]));
                    c = Round(c, U64(bytes[16..]));
                    d = Round(d, U64(bytes[24..]));
                }

                hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
                hash = Merge(Merge(Merge(Merge(hash, a), b), c), d);
            }

            return Finish(hash + length, bytes);
        }
    }

    private static ulong Finish(ulong hash, ReadOnlySpan<byte> rest)
    {
        unchecked
        {
            for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
            {
                hash = (BitOperations.RotateLeft(hash ^ Round(0, U64(rest)), 27) * Prime1) + Prime4;
            }

            if (rest.Length >= sizeof(uint))
            {
                hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1), 23) * Prime2) + Prime3;
                rest = rest[sizeof(uint)..];
            }

            foreach (byte b in rest)
            {
                hash = BitOperations.RotateLeft(hash ^ (b * Prime5), 11) * Prime1;
            }

            hash = (hash ^ (hash >> 33)) * Prime2;
            hash = (hash ^ (hash >> 29)) * Prime3;
            return hash ^ (hash >> 32);
        }
    }

    private static ulong U64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private static ulong Round(ulong lane, ulong input) => unchecked(BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1);

    private static ulong Merge(ulong hash, ulong lane) => unchecked(((hash ^ Round(0, lane)) * Prime1) + Prime4);
}

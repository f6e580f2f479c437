using System.Buffers.Binary;
using BlockRbd.GuestDisk.Hashes;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>One of the checksums that tree blocks and data have (csum_type, BTRFS_CSUM_TYPE_*).</summary>
internal sealed class BtrfsChecksum
{
    /// <summary>Bytes that every tree block and superblock keeps for it, used or not (BTRFS_CSUM_SIZE).</summary>
    public const int FieldBytes = 32;

    private static readonly IReadOnlyList<BtrfsChecksum> All =
    [
        new("crc32c", sizeof(uint), static (bytes, sum) => BinaryPrimitives.WriteUInt32LittleEndian(sum, ~Crc32C.Append(uint.MaxValue, bytes))),
        new("xxhash64", sizeof(ulong), static (bytes, sum) => BinaryPrimitives.WriteUInt64LittleEndian(sum, XxHash64.Hash(bytes))),
        new("sha256", Sha256.HashBytes, Sha256.Hash),
        new("blake2b", Blake2b.HashBytes, Blake2b.Hash),
    ];

    private readonly Calculation _calculate;

    private BtrfsChecksum(string name, int size, Calculation calculate) => (Name, Size, _calculate) = (name, size, calculate);

    private delegate void Calculation(ReadOnlySpan<byte> bytes, Span<byte> sum);

    /// <summary>As mkfs.btrfs --csum spells it.</summary>
    public string Name { get; }

    /// <summary>Bytes of one checksum.</summary>
    public int Size { get; }

    /// <summary>The checksum of a number, or null.</summary>
    public static BtrfsChecksum? Of(int type) => type < All.Count ? All[type] : null;

    /// <summary>Whether <paramref name="expected"/> begins with the checksum of <paramref name="bytes"/>.</summary>
    public bool Matches(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> expected)
    {
        Span<byte> sum = stackalloc byte[FieldBytes];
        _calculate(bytes, sum);
        return StoredChecksum.Matches(expected[..Size], sum[..Size]);
    }

    /// <summary>Whether a tree block or superblock, which begins with its checksum, matches it.</summary>
    public bool MatchesOwn(ReadOnlySpan<byte> block) => Matches(block[FieldBytes..], block[..FieldBytes]);
}

using System.Buffers.Binary;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Volumes;

/// <summary>What volumes may hold besides filesystems that can be read. The offsets and bytes are each format's own.</summary>
internal static class VolumeSignatures
{
    private const string Assembled = "what lies on it is a volume of its own";

    // linux/raid/md_u.h: LEVEL_LINEAR is -1, a mirror 1
    private const int Mirrored = 1;

    private static readonly IReadOnlyList<VolumeSignature> All =
    [
        new("LVM2 physical volume", 512 + 24, [.. "LVM2 001"u8], Contains: true, Verdict: Assembled), // label in sector 1, as pvcreate writes it
        new("LVM2 physical volume", 24, [.. "LVM2 001"u8], Contains: true, Verdict: Assembled), // sectors 0, 2 and 3 are allowed
        new("LVM2 physical volume", 1024 + 24, [.. "LVM2 001"u8], Contains: true, Verdict: Assembled),
        new("LVM2 physical volume", 1536 + 24, [.. "LVM2 001"u8], Contains: true, Verdict: Assembled),
        new("LUKS encrypted volume", 0, [.. "LUKS"u8, 0xBA, 0xBE], Contains: true),
        new("BitLocker encrypted volume", 3, [.. "-FVE-FS-"u8], Contains: true),
        new("Linux RAID member (metadata 1.1)", 0, [0xFC, 0x4E, 0x2B, 0xA9, 1, 0, 0, 0], Contains: true),
        new("Linux RAID member (metadata 1.2)", 4096, [0xFC, 0x4E, 0x2B, 0xA9, 1, 0, 0, 0], Contains: true),
        new("NTFS filesystem", 3, [.. "NTFS    "u8]),
        new("F2FS filesystem", 1024, [0x10, 0x20, 0xF5, 0xF2]),
        new("EROFS filesystem", 1024, [0xE2, 0xE1, 0xF5, 0xE0]),
        new("Linux swap space", 4096 - 10, [.. "SWAPSPACE2"u8], Verdict: "holds no files"),
        new("Linux swap space", 4096 - 10, [.. "SWAP-SPACE"u8], Verdict: "holds no files"),
        new("Linux swap space with a suspended system", 4096 - 10, [.. "S1SUSPEND"u8], Verdict: "holds no files"),
        new("Linux swap space", 65536 - 10, [.. "SWAPSPACE2"u8], Verdict: "holds no files"),
        new("UDF filesystem", 32768 + 1, [.. "BEA01"u8]),
        new("JFS filesystem", 32768, [.. "JFS1"u8]),
        new("ReiserFS filesystem", 65536 + 52, [.. "ReIsEr"u8]),
        new("bcache device", 4096 + 24, [0xC6, 0x85, 0x73, 0xF6, 0x4E, 0x1A, 0x45, 0xCA]),
        new("bcachefs filesystem", 4096 + 24, [0xC6, 0x85, 0x73, 0xF6, 0x66, 0xCE, 0x90, 0xA9]),
        new("ZFS pool member", (128 << 10) + 0, [0x0C, 0xB1, 0xBA, 0, 0, 0, 0, 0]),
        new("UFS filesystem", 65536 + 1372, [0x19, 0x01, 0x54, 0x19]),
        new("UFS filesystem", 8192 + 1372, [0x54, 0x19, 0x01, 0x00]),
    ];

    /// <summary>The first container whose signature the volume has, or null.</summary>
    public static VolumeSignature? Container(BlockSource volume)
    {
        foreach (VolumeSignature signature in All)
        {
            if (signature.Contains && Has(volume, signature.Offset, signature.Magic))
            {
                return signature;
            }
        }

        // The first member of a striped array begins with its filesystem's superblock and has only every other piece of the rest: that reads, and wrongly.
        return RaidAtTheEnd(volume, out int level) is { } member && level != Mirrored ? member with { Contains = true } : null;
    }

    /// <summary>What else the volume holds, or null.</summary>
    public static VolumeSignature? Other(BlockSource volume)
    {
        foreach (VolumeSignature signature in All)
        {
            if (!signature.Contains && Has(volume, signature.Offset, signature.Magic))
            {
                return signature;
            }
        }

        return RaidAtTheEnd(volume, out _);
    }

    /// <summary>A RAID member whose superblock stands at its end (1.0 and 0.90): a mirror's filesystem begins here, and was tried before.</summary>
    private static VolumeSignature? RaidAtTheEnd(BlockSource volume, out int level)
    {
        ReadOnlySpan<byte> magic = [0xFC, 0x4E, 0x2B, 0xA9];
        long sectors = volume.Length / 512;
        long version1 = (sectors - 16) / 8 * 8 * 512; // md.rst: at least 8 KiB from the end, at a multiple of 4 KiB
        long version0 = volume.Length / 65536 * 65536 - 65536; // the last whole 64 KiB
        level = Mirrored;
        Span<byte> number = stackalloc byte[sizeof(int)];
        if (Has(volume, version1, magic))
        {
            volume.ReadExactly(version1 + 72, number); // struct mdp_superblock_1: level
            level = BinaryPrimitives.ReadInt32LittleEndian(number);
        }
        else if (Has(volume, version0, magic))
        {
            volume.ReadExactly(version0 + 28, number); // mdp_super_t: level, the eighth word
            level = BinaryPrimitives.ReadInt32LittleEndian(number);
        }

        return Has(volume, version1, magic) ? new("Linux RAID member (metadata 1.0)", version1, magic.ToArray())
            : Has(volume, version0, magic) ? new("Linux RAID member (metadata 0.90)", version0, magic.ToArray())
            : null;
    }

    private static bool Has(BlockSource volume, long offset, ReadOnlySpan<byte> magic)
    {
        if (offset < 0 || offset > volume.Length - magic.Length)
        {
            return false;
        }

        Span<byte> found = stackalloc byte[16];
        found = found[..magic.Length];
        volume.ReadExactly(offset, found);
        return found.SequenceEqual(magic);
    }
}

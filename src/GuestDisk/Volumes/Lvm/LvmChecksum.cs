using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.Volumes.Lvm;

/// <summary>LVM2's calc_crc (lib/misc/crc.c): CRC-32 with its own start value and no inversion at the end.</summary>
internal static class LvmChecksum
{
    private const uint Start = 0xF597A6CF; // INITIAL_CRC

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Checksums.Crc32(~Start, bytes);
}

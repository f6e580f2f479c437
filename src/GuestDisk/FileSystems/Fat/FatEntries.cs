namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>What an entry of the allocation table looks like.</summary>
/// <param name="Bits">Its width.</param>
/// <param name="Mask">The bits of it that count.</param>
/// <param name="End">The least value that ends a file; the one below it marks a bad cluster.</param>
internal sealed record FatEntries(int Bits, uint Mask, uint End)
{
    // fatgen103, page 18
    public static readonly FatEntries Fat12 = new(12, 0xFFF, 0xFF8);
    public static readonly FatEntries Fat16 = new(16, 0xFFFF, 0xFFF8);

    /// <summary>The high 4 bits are reserved (fatgen103, page 16).</summary>
    public static readonly FatEntries Fat32 = new(32, 0x0FFFFFFF, 0x0FFFFFF8);

    /// <summary>exFAT 4.1: FFFFFFFF ends a file, FFFFFFF7 is bad. Linux takes what is between them for an end (exfat_ent_get).</summary>
    public static readonly FatEntries ExFat = new(32, uint.MaxValue, 0xFFFFFFF8);
}

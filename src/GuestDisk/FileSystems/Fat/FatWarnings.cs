using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>What is said of a volume that is read all the same: FAT's and exFAT's.</summary>
internal static class FatWarnings
{
    public static IReadOnlyList<string> Of(BlockSource source, long volumeBytes, bool isDirty)
    {
        List<string> warnings = [];
        if (volumeBytes > source.Length)
        {
            warnings.Add($"{source.Name}: the filesystem has {volumeBytes} bytes, but the device ends at byte {source.Length}");
        }

        if (isDirty)
        {
            warnings.Add("the filesystem was not unmounted: what was being written may be incomplete");
        }

        return warnings;
    }
}

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>Says whether the log holds changes that the filesystem has not seen yet.</summary>
internal static class XfsLog
{
    public static string? Warning(XfsVolume volume) => volume.Superblock.LogStart == 0 ? "external" : null;
}

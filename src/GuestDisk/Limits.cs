namespace BlockRbd.GuestDisk;

/// <summary>
/// Named ceilings for every number that a guest's disk gives, before the number becomes a size, a count or a depth.
/// Each reader adds its own format's ceilings beside its code; these are shared.
/// </summary>
internal static class Limits
{
    /// <summary>Symbolic links followed for one path. Linux: MAXSYMLINKS.</summary>
    public const int MaxSymlinkHops = 40;

    /// <summary>Bytes of a symbolic link's target. Linux: PATH_MAX.</summary>
    public const int MaxSymlinkBytes = 4096;

    /// <summary>Entries of one directory that are listed before it counts as hostile.</summary>
    public const int MaxDirectoryEntries = 4_000_000;
}

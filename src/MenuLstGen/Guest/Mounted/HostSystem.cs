namespace BlockRbd.MenuLstGen.Guest.Mounted;

/// <summary>Places of the host's own that tell which disk a mounted guest is on.</summary>
/// <param name="MountInfo">/proc/self/mountinfo.</param>
/// <param name="Sys">/sys.</param>
/// <param name="Dev">/dev.</param>
internal sealed record HostSystem(string MountInfo, string Sys, string Dev)
{
    /// <summary>Linux' own.</summary>
    public static HostSystem Default { get; } = new("/proc/self/mountinfo", "/sys", "/dev");
}

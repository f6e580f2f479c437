using BlockRbd.Ceph.Targets;

namespace BlockRbd.Ceph.Mappings;

/// <summary>Sentences for what the rbd program said.</summary>
internal static class MapFailure
{
    public static CephException Of(MapRequest request, ChildResult child)
    {
        string name = request.Image.FullName;
        if (child.ExitCode is null)
        {
            return new CephException(
                CephFault.Timeout, $"mapping {name} did not end in time and was stopped ('dmesg' may say what the kernel waits for)", CephErrno.ETIMEDOUT);
        }

        return child.Error switch
        {
            var text when text.Contains("failed to load rbd kernel module", StringComparison.Ordinal) || text.Contains("modinfo", StringComparison.Ordinal) =>
                new CephException(CephFault.Mapping, $"{name} can't be mapped: the kernel's rbd module can't be loaded ('modprobe rbd' says why)"),
            var text when text.Contains("rbd-nbd", StringComparison.Ordinal) && text.Contains("exec failed", StringComparison.Ordinal) =>
                new CephException(CephFault.Mapping, $"{name} can't be mapped: rbd-nbd can't be run (Debian and RPM: package rbd-nbd)"),
            var text when text.Contains("failed to load nbd kernel module", StringComparison.Ordinal) =>
                new CephException(CephFault.Mapping, $"{name} can't be mapped: the kernel's nbd module can't be loaded ('modprobe nbd' says why)"),
            var text when text.Contains("failed to find unused device", StringComparison.Ordinal) =>
                new CephException(CephFault.Mapping, $"{name} can't be mapped: no unused nbd device ('modprobe nbd nbds_max=64')"),
            _ => new CephException(CephFault.Mapping, $"{name} can't be mapped: {Reason(child)} ('dmesg' may say more)"),
        };
    }

    public static CephException OfUnmap(MappedImage mapped, ChildResult child, IReadOnlyList<string> holders) => new(
        CephFault.Mapping,
        holders.Count > 0
            ? $"{mapped.Device} ({mapped.FullName}) can't be unmapped, it is held by {string.Join(", ", holders)}"
            : $"{mapped.Device} ({mapped.FullName}) can't be unmapped: {Reason(child)}",
        CephErrno.EBUSY);

    /// <summary>The program's own last word.</summary>
    public static string Reason(ChildResult child)
    {
        string last = child.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("");
        return child.ExitCode is not { } code ? "no answer in time"
            : last.Length == 0 ? $"rbd ended with {code}"
            : TargetText.Quote(last);
    }
}

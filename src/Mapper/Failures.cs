using BlockRbd.Ceph;
using BlockRbd.Ceph.Targets;
using BlockRbd.Xen;

namespace BlockRbd.Mapper;

/// <summary>What may end a run, as a sentence and an exit code.</summary>
public static class Failures
{
    /// <summary>True for everything that is not a defect of this program.</summary>
    public static bool IsExpected(Exception e) =>
        e is MapperException or CephException or RbdTargetException or XenStoreException or AttachRequestException or IOException
            or UnauthorizedAccessException;

    /// <summary>The exit code for it.</summary>
    public static ExitCode CodeOf(Exception e) => e switch
    {
        MapperException mapper => mapper.Code,
        CephException ceph => CodeOf(ceph.Fault),
        RbdTargetException => ExitCode.Usage,
        AttachRequestException => ExitCode.Usage,
        XenStoreException { IsMissing: true } => ExitCode.NotFound,
        XenStoreException { IsDenied: true } => ExitCode.Denied,
        XenStoreException xen when xen.Error.EndsWith("in time", StringComparison.Ordinal) => ExitCode.Timeout,
        UnauthorizedAccessException => ExitCode.Denied,
        _ => IsExpected(e) ? ExitCode.Failed : ExitCode.Internal,
    };

    /// <summary>One line for a person.</summary>
    public static string SentenceOf(Exception e) =>
        IsExpected(e) ? e.Message : $"defect in block-rbd, please report it: {e.GetType().Name}: {e.Message}";

    private static ExitCode CodeOf(CephFault fault) => fault switch
    {
        CephFault.NotFound => ExitCode.NotFound,
        CephFault.Conflict => ExitCode.InUse,
        CephFault.Timeout => ExitCode.Timeout,
        CephFault.Authentication or CephFault.NotPermitted or CephFault.Blocklisted => ExitCode.Denied,
        CephFault.Unsupported => ExitCode.Unsupported,
        CephFault.Configuration => ExitCode.Usage,
        _ => ExitCode.Failed,
    };
}

using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.TwoStages;

namespace BlockRbd.BootExtract;

/// <summary>The exit code and the line for whatever went wrong.</summary>
internal static class Failures
{
    /// <summary>The exit code.</summary>
    public static ExitCode CodeOf(Exception failure) => failure switch
    {
        ExtractException e => e.Code,
        StageException e => e.Fault switch
        {
            StageFault.Usage => ExitCode.Usage,
            StageFault.Privileges => ExitCode.Privileges,
            StageFault.OverLimit => ExitCode.OverLimit,
            StageFault.Output => ExitCode.OutputError,
            _ => ExitCode.Internal,
        },
        ImageFormatException { Fault: ImageFault.NotRecognized } => ExitCode.NotFound,
        ImageFormatException { Fault: ImageFault.Unsupported } => ExitCode.Unsupported,
        ImageFormatException { Fault: ImageFault.OverLimit } => ExitCode.OverLimit,
        ImageFormatException => ExitCode.Corrupt,
        SourceReadException => ExitCode.InputError,
        GuestPathException => ExitCode.NotFound,
        BootConfigException => ExitCode.Corrupt,
        OutOfMemoryException => ExitCode.OverLimit,
        _ => ExitCode.Internal,
    };

    /// <summary>One line for a person: what, where and what to do.</summary>
    public static string LineOf(Exception failure)
    {
        string message = failure.Message.ReplaceLineEndings(" ");
        return failure switch
        {
            ImageFormatException { Fault: ImageFault.Unsupported or ImageFault.NotRecognized } => message,
            ImageFormatException { Fault: ImageFault.OverLimit } => $"{message}: pygrub-rbd(8) says how limits are raised",
            ImageFormatException => $"{message}: check the guest's filesystem (fsck), or choose another entry with --entry",
            SourceReadException { Advice: { Length: > 0 } advice } => $"{message}: {advice}",
            OutOfMemoryException => "out of memory",
            ExtractException or StageException or SourceReadException or GuestPathException or BootConfigException => message,
            _ => $"defect in pygrub-rbd, please report: {failure.GetType().Name}: {message} (--debug says where)",
        };
    }
}

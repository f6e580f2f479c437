using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;
using BlockRbd.TwoStages;

namespace BlockRbd.MenuLstGen;

/// <summary>The exit code and the sentence for whatever went wrong.</summary>
internal static class Failures
{
    /// <summary>The exit code.</summary>
    public static ExitCode CodeOf(Exception failure) => failure switch
    {
        GenException e => e.Code,
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
        ImageFormatException or BootConfigException => ExitCode.Corrupt,
        SourceReadException => ExitCode.InputError,
        OutOfMemoryException => ExitCode.OverLimit,
        _ => ExitCode.Internal,
    };

    /// <summary>One line for a person.</summary>
    public static string SentenceOf(Exception failure)
    {
        string message = failure.Message.ReplaceLineEndings(" ");
        return CodeOf(failure) == ExitCode.Internal && failure is not StageException ? $"defect in menulst-gen, please report: {failure.GetType().Name}: {message}" : message;
    }
}

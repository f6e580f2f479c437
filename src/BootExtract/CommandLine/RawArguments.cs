using System.Text;
using BlockRbd.BootConfig;

namespace BlockRbd.BootExtract.CommandLine;

/// <summary>The command line's bytes. A guest's file names need not be UTF-8, and the runtime's strings have lost what isn't.</summary>
internal static class RawArguments
{
    private const string ProcCommandLine = "/proc/self/cmdline";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The arguments with a character for each byte.</summary>
    /// <param name="arguments">As the runtime gave them.</param>
    public static IReadOnlyList<string> From(string[] arguments)
    {
        if (!arguments.Any(argument => argument.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            return [.. arguments.Select(argument => GuestText.FromBytes(Encoding.UTF8.GetBytes(argument)))];
        }

        // Each ends with a NUL; what stands before ours is the program's name.
        string[] all = GuestText.FromBytes(File.ReadAllBytes(ProcCommandLine)).Split('\0');
        return all[^(arguments.Length + 1)..^1];
    }

    /// <summary>The text of an argument that is meant for the host.</summary>
    /// <param name="argument">A character for each byte.</param>
    /// <param name="name">The argument's name for messages.</param>
    /// <exception cref="ExtractException">It isn't UTF-8.</exception>
    public static string HostText(string argument, string name)
    {
        try
        {
            return Strict.GetString(GuestText.ToBytes(argument));
        }
        catch (DecoderFallbackException e)
        {
            throw new ExtractException(ExitCode.Usage, $"{name} \"{GuestText.Display(argument)}\": must be UTF-8; use a link of another name", e);
        }
    }
}

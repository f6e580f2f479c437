using BlockRbd.BootConfig;
using BlockRbd.BootExtract.CommandLine;

namespace BlockRbd.BootExtract.Output;

/// <summary>The answer's bytes in the formats that pygrub's callers read.</summary>
internal static class AnswerText
{
    /// <summary>The answer.</summary>
    /// <param name="format">Its format.</param>
    /// <param name="kernel">The kernel's path outside.</param>
    /// <param name="ramdisk">The ramdisk's, or null.</param>
    /// <param name="arguments">The command line; may be empty.</param>
    /// <exception cref="ExtractException">A value holds what separates values in this format, or a NUL.</exception>
    public static byte[] Format(OutputFormat format, string kernel, string? ramdisk, string arguments)
    {
        char separator = format == OutputFormat.Simple ? '\n' : '\0';
        Refuse(separator, "the kernel's path", kernel);
        Refuse(separator, "the ramdisk's path", ramdisk ?? "");
        Refuse(separator, "the kernel's command line", arguments);
        return GuestText.ToBytes(format == OutputFormat.Sxp ? Sxp(kernel, ramdisk, arguments) : Simple(separator, kernel, ramdisk, arguments));
    }

    /// <summary>
    /// libxl reads up to each NUL, xenopsd up to each line's end: behind it a guest could write a value of its own. A NUL is refused in every
    /// format because a kernel's command line ends there. (In sxp quoting keeps anything else inside its value.)
    /// </summary>
    private static void Refuse(char separator, string name, string value)
    {
        foreach (char refused in (ReadOnlySpan<char>)[separator, '\0'])
        {
            if (value.Contains(refused, StringComparison.Ordinal))
            {
                throw new ExtractException(
                    ExitCode.Unsupported,
                    $"simple format cannot represent delimiter-containing value: {name} holds a {(refused == '\n' ? "line feed" : "NUL")}: "
                    + GuestText.Display(value));
            }
        }
    }

    private static string Simple(char separator, string kernel, string? ramdisk, string arguments)
    {
        string text = $"kernel {kernel}{separator}";
        if (!string.IsNullOrEmpty(ramdisk))
        {
            text += $"ramdisk {ramdisk}{separator}";
        }

        if (arguments.Length > 0)
        {
            text += $"args {arguments}{separator}";
        }

        return text + separator;
    }

    private static string Sxp(string kernel, string? ramdisk, string arguments)
    {
        string text = $"linux (kernel {PythonRepr.Of(kernel)})";
        if (!string.IsNullOrEmpty(ramdisk))
        {
            text += $"(ramdisk {PythonRepr.Of(ramdisk)})";
        }

        if (arguments.Length > 0)
        {
            text += $"(args {PythonRepr.Of(arguments)})";
        }

        return text;
    }
}

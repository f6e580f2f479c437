using System.Text.RegularExpressions;

namespace BlockRbd.BootConfig.Tests.Grub2;

/// <summary>Makes what GRUB and we print comparable.</summary>
internal static partial class Transcript
{
    /// <summary>One syntax error is three or more lines of GRUB's, and one of ours that says more.</summary>
    public static string Normalize(string text)
    {
        // After an endless recursion GRUB 2.14 can't even run halt, and shows its prompt.
        int prompt = text.IndexOf("GNU GRUB  version", StringComparison.Ordinal);
        string printed = UnknownCommand().Replace(prompt < 0 ? text : text[..prompt], "error: UNKNOWN\n");
        return Repeats().Replace(SyntaxError().Replace(printed, "error: SYNTAX\n"), "error: SYNTAX\n").TrimEnd();
    }

    /// <summary>GRUB cuts the name after 20 bytes.</summary>
    [GeneratedRegex(@"error: can't find command `.*?'\.\n", RegexOptions.Singleline)]
    private static partial Regex UnknownCommand();

    [GeneratedRegex(@"error: (syntax error|Incorrect command|out of memory|\$\.)[^\n]*\n")]
    private static partial Regex SyntaxError();

    [GeneratedRegex(@"(error: SYNTAX\n)+")]
    private static partial Regex Repeats();
}

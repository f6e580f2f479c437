using System.Text.RegularExpressions;

namespace BlockRbd.BootConfig.Tests.Grub2;

/// <summary>Makes what GRUB and we print comparable.</summary>
internal static partial class Transcript
{
    /// <summary>One syntax error is three or more lines of GRUB's, and one of ours that says more.</summary>
    public static string Normalize(string text) =>
        Repeats().Replace(SyntaxError().Replace(text, "error: SYNTAX\n"), "error: SYNTAX\n").TrimEnd();

    [GeneratedRegex(@"error: (syntax error|Incorrect command|out of memory|\$\.)[^\n]*\n")]
    private static partial Regex SyntaxError();

    [GeneratedRegex(@"(error: SYNTAX\n)+")]
    private static partial Regex Repeats();
}

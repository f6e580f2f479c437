using System.Buffers;
using System.Text;
using BlockRbd.MenuLstGen.Checks;

namespace BlockRbd.MenuLstGen.Menu;

/// <summary>How a kernel's command line is written so that PV-GRUB hands over the same.</summary>
/// <remarks>
/// <para>
/// GRUB 0.97 hands over the rest of the line as it is. GRUB 2's legacy_configfile cuts it into words at blanks and joins them again as it joins all
/// words (grub-core/lib/cmdline.c): a backslash before each <c>\ ' "</c>. So where the guest's own loader was GRUB 2, its words are
/// written without what was put in when they were joined; a word with a blank in it can't be had from PV-GRUB 2 at all.
/// </para>
/// </remarks>
internal static class ArgumentText
{
    /// <summary>struct start_info of Xen's public/xen.h: MAX_GUEST_CMDLINE, with the nul.</summary>
    private const int MaxGuestCommandLine = 1024;

    /// <summary>get_line_from_config of GRUB 0.97 keeps this much of a line (NEW_HEAPSIZE).</summary>
    private const int MaxLegacyLine = 1500;

    private static readonly SearchValues<char> Quoted = SearchValues.Create("\\'\"");

    /// <summary>Writes it.</summary>
    /// <param name="arguments">What the guest's own loader hands to the kernel.</param>
    /// <param name="isJoined">Whether GRUB 2 joined it of words.</param>
    /// <param name="loader">Which PV-GRUB.</param>
    /// <param name="problem">Told what comes out differently.</param>
    /// <returns>Null where it can't be written at all, which <paramref name="problem"/> was told.</returns>
    public static string? Write(string arguments, bool isJoined, PvGrub loader, Action<string> problem)
    {
        // A tab ends a word for the kernel as a blank does, and both GRUBs make a blank of it.
        string text = arguments.Replace('\t', ' ').Trim(' ');
        if (text.AsSpan().IndexOfAnyInRange('\0', '\x1F') >= 0 || text.Contains('\x7F', StringComparison.Ordinal))
        {
            problem("a control character in its arguments can't stand in a menu.lst: it is left out");
            return null;
        }

        if (text.Length >= MaxGuestCommandLine)
        {
            problem($"its arguments have {text.Length} bytes: Xen hands over {MaxGuestCommandLine - 1} of them");
        }

        string? words = isJoined ? Words(text) : text.AsSpan().ContainsAny(Quoted) ? null : text;
        if (words is null && loader.HasFlag(PvGrub.Grub2))
        {
            problem("a quote, backslash or blank inside a word of its arguments: PV-GRUB 2 puts backslashes before quotes and backslashes (--loader=legacy is GRUB 0.97)");
        }
        else if (words != text && loader.HasFlag(PvGrub.Legacy) && loader.HasFlag(PvGrub.Grub2))
        {
            problem("its arguments have quotes or backslashes, written for PV-GRUB 2: GRUB 0.97 hands them over without the backslashes that GRUB 2 adds (--loader=)");
        }

        text = loader.HasFlag(PvGrub.Grub2) ? words ?? text : text;
        if (text is [.., '\\'])
        {
            problem("its arguments end with a backslash, which would join the next line: it is left out");
            return null;
        }

        return text;
    }

    /// <summary>Says whether a line with a path and arguments is longer than GRUB legacy reads.</summary>
    public static void CheckLine(string line, PvGrub loader, Action<string> problem)
    {
        if (loader.HasFlag(PvGrub.Legacy) && line.Length >= MaxLegacyLine)
        {
            problem($"its kernel line has {line.Length} bytes: GRUB 0.97 reads {MaxLegacyLine - 1} of them");
        }
    }

    /// <summary>The arguments with a console last, and more behind.</summary>
    public static string Extend(string arguments, string? console, string? append)
    {
        if (console is not null)
        {
            string wanted = $"console={console}";
            string? last = arguments.Split(' ').LastOrDefault(word => word.StartsWith("console=", StringComparison.Ordinal));
            arguments = last == wanted ? arguments : $"{arguments} {wanted}";
        }

        return (append is null ? arguments : $"{arguments} {append}").Trim(' ');
    }

    /// <summary>The words that cmdline.c made this of, with blanks between; null where a word had a blank in it, or no words of GRUB 2 give this.</summary>
    private static string? Words(string text)
    {
        StringBuilder words = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '\'' or '"')
            {
                return null; // around a word with a blank, or from another loader
            }

            if (text[i] == '\\')
            {
                if (i + 1 == text.Length || text[i + 1] is not ('\\' or '\'' or '"'))
                {
                    return null;
                }

                i++;
            }

            words.Append(text[i]);
        }

        return words.ToString();
    }
}

using System.Text;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>Joins the words of a linux line into one command line (grub-core/lib/cmdline.c).</summary>
internal static class KernelCommandLine
{
    public static string Join(IReadOnlyList<string> words, Grub2Options options)
    {
        StringBuilder line = new();
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            line.Append(i > 0 ? " " : "");
            bool spaces = word.Contains(' ');
            line.Append(spaces ? "\"" : "");
            AppendEscaped(line, word, options);
            line.Append(spaces ? "\"" : "");
        }

        return line.ToString();
    }

    private static void AppendEscaped(StringBuilder line, string word, Grub2Options options)
    {
        bool keepHex = options.RedHat.HasFlag(RedHatDeviations.KeepHexEscapes);
        for (int i = 0; i < word.Length; i++)
        {
            bool hex = keepHex && word[i] == '\\' && i + 3 < word.Length && word[i + 1] == 'x'
                && char.IsAsciiHexDigit(word[i + 2]) && char.IsAsciiHexDigit(word[i + 3]);
            if (!hex && options.Quoting == CommandLineQuoting.Escaped && word[i] is '\\' or '\'' or '"')
            {
                line.Append('\\');
            }

            line.Append(word[i]);
        }
    }
}

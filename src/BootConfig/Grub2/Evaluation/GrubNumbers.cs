namespace BlockRbd.BootConfig.Grub2;

/// <summary>GRUB's own strtoul (grub-core/kern/misc.c): 64 bits, blanks in front, base 0 with 0x and leading 0.</summary>
internal static class GrubNumbers
{
    /// <summary>Reads a number from the start of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="radix">10 or 16, or 0 for what the text says.</param>
    /// <param name="used">Characters up to the end of the number; 0 where there is none.</param>
    /// <param name="error">BadNumber where there is none, OutOfRange where it needs more than 64 bits.</param>
    public static ulong Parse(ReadOnlySpan<char> text, int radix, out int used, out GrubError error)
    {
        int at = 0;
        while (at < text.Length && IsSpace(text[at]))
        {
            at++;
        }

        if (at + 1 < text.Length && text[at] == '0')
        {
            if (text[at + 1] == 'x' && radix is 0 or 16)
            {
                radix = 16;
                at += 2;
            }
            else if (radix == 0 && text[at + 1] is >= '0' and <= '7')
            {
                radix = 8;
            }
        }

        radix = radix == 0 ? 10 : radix;
        ulong number = 0;
        bool found = false;
        while (at < text.Length && Digit(text[at]) is { } digit && digit < radix)
        {
            found = true;
            if (number > (ulong.MaxValue - (uint)digit) / (uint)radix)
            {
                used = 0;
                error = GrubError.OutOfRange;
                return ulong.MaxValue;
            }

            number = (number * (uint)radix) + (uint)digit;
            at++;
        }

        used = found ? at : 0;
        error = found ? GrubError.None : GrubError.BadNumber;
        return number;
    }

    /// <summary>grub_strtol with base 0: a number of 64 bits with or without a minus.</summary>
    public static long ParseSigned(ReadOnlySpan<char> text, out GrubError error)
    {
        while (text is [char c, ..] && IsSpace(c))
        {
            text = text[1..];
        }

        bool negative = text is ['-', ..];
        ulong magnitude = Parse(negative ? text[1..] : text, 0, out _, out error);
        ulong most = negative ? (ulong)long.MaxValue + 1 : long.MaxValue;
        error = error == GrubError.None && magnitude > most ? GrubError.OutOfRange : error;
        return unchecked(negative ? -(long)magnitude : (long)magnitude);
    }

    /// <summary>grub_isspace.</summary>
    public static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r';

    private static int? Digit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'z' => c - 'a' + 10,
        >= 'A' and <= 'Z' => c - 'A' + 10,
        _ => null,
    };
}

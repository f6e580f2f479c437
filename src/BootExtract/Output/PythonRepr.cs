using System.Buffers;
using System.Globalization;
using System.Text;
using BlockRbd.BootConfig;

namespace BlockRbd.BootExtract.Output;

/// <summary>A string as Python's repr() writes it: how pygrub quotes values in sxp.</summary>
internal static class PythonRepr
{
    /// <summary>The literal. A byte that is no part of UTF-8 becomes \xHH.</summary>
    /// <param name="text">A character for each byte; the result holds its bytes in the same way.</param>
    public static string Of(string text)
    {
        // Single quotes unless only double ones save escaping: Python, unicode_repr().
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        StringBuilder literal = new();
        literal.Append(quote);
        ReadOnlySpan<byte> rest = GuestText.ToBytes(text);
        while (!rest.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(rest, out Rune rune, out int used);
            if (status == OperationStatus.Done)
            {
                Append(literal, rune, quote, rest[..used]);
            }
            else
            {
                AppendHex(literal, rest[..used]);
            }

            rest = rest[used..];
        }

        return literal.Append(quote).ToString();
    }

    private static void Append(StringBuilder literal, Rune rune, char quote, ReadOnlySpan<byte> bytes)
    {
        _ = rune.Value switch
        {
            '\\' => literal.Append("\\\\"),
            '\n' => literal.Append("\\n"),
            '\r' => literal.Append("\\r"),
            '\t' => literal.Append("\\t"),
            int value when value == quote => literal.Append('\\').Append(quote),
            _ when IsPrintable(rune) => literal.Append(GuestText.FromBytes(bytes)),
            int value when value <= 0xFF => literal.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
            int value when value <= 0xFFFF => literal.Append(CultureInfo.InvariantCulture, $"\\u{value:x4}"),
            int value => literal.Append(CultureInfo.InvariantCulture, $"\\U{value:x8}"),
        };
    }

    private static void AppendHex(StringBuilder literal, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            literal.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }
    }

    /// <summary>str.isprintable(): everything but the categories "Other" and "Separator", and the space.</summary>
    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}

using System.Text;

namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>Names of 8 and 3 characters.</summary>
internal static class FatShortName
{
    private const byte LowerBase = 0x08;
    private const byte LowerExtension = 0x10;

    /// <summary>DIR_Name[0] where the name begins with E5, which would mean deleted (fatgen103, page 23).</summary>
    private const byte EscapedE5 = 0x05;

    /// <summary>80 to FF of code page 437, which Linux takes where nothing else is said (CONFIG_FAT_DEFAULT_CODEPAGE).</summary>
    private const string CodePage437 =
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0";

    /// <summary>The name as people see it, in UTF-8; with the case that Windows NT and Linux keep in two bits.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> name, byte caseBits)
    {
        StringBuilder text = new(12);
        Append(text, name[..8], (caseBits & LowerBase) != 0);
        if (name[8..].ContainsAnyExcept((byte)' '))
        {
            text.Append('.');
            Append(text, name[8..], (caseBits & LowerExtension) != 0);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The sum that each piece of a long name has of the short name that it belongs to (fatgen103, page 28: ChkSum).</summary>
    public static byte Checksum(ReadOnlySpan<byte> name)
    {
        int sum = 0;
        foreach (byte b in name)
        {
            sum = (((sum & 1) << 7) + (sum >> 1) + b) & 0xFF;
        }

        return (byte)sum;
    }

    private static void Append(StringBuilder text, ReadOnlySpan<byte> part, bool isLower)
    {
        part = part.TrimEnd((byte)' ');
        for (int i = 0; i < part.Length; i++)
        {
            byte b = part[i] == EscapedE5 && i == 0 && text.Length == 0 ? (byte)0xE5 : part[i];
            char c = b < 0x80 ? (char)b : CodePage437[b - 0x80];
            text.Append(isLower ? char.ToLowerInvariant(c) : c);
        }
    }
}

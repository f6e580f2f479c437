using System.Text;

namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>Names of files where Rock Ridge gives none.</summary>
internal static class IsoName
{
    private const byte VersionSeparator = (byte)';';

    /// <summary>A plain name as GRUB shows it, and Linux with its default, map=normal: in lower case, without a version and a dot that nothing follows.</summary>
    public static byte[] Plain(ReadOnlySpan<byte> identifier)
    {
        byte[] name = WithoutVersion(identifier).ToArray();
        for (int i = 0; i < name.Length; i++)
        {
            name[i] = Lower(name[i]);
        }

        return name is [.. byte[] start, (byte)'.'] ? start : name;
    }

    /// <summary>A Joliet name as GRUB shows it: in its own case, without a version.</summary>
    public static byte[] Joliet(ReadOnlySpan<byte> identifier) => WithoutVersion(FromUcs2(identifier)).ToArray();

    /// <summary>UTF-8 of big-endian UCS-2; an odd byte at the end counts for nothing.</summary>
    public static byte[] FromUcs2(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(bytes[..(bytes.Length & ~1)]));

    /// <summary>Whether a plain name is the one wanted: no case counts, as in GRUB.</summary>
    public static bool IsSamePlain(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> wanted)
    {
        if (plain.Length != wanted.Length)
        {
            return false;
        }

        for (int i = 0; i < plain.Length; i++)
        {
            if (plain[i] != Lower(wanted[i]))
            {
                return false;
            }
        }

        return true;
    }

    // ECMA-119 7.5.1: SEPARATOR 2 and the file version number.
    private static ReadOnlySpan<byte> WithoutVersion(ReadOnlySpan<byte> name) =>
        name.LastIndexOf(VersionSeparator) is >= 0 and int at ? name[..at] : name;

    private static byte Lower(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
}

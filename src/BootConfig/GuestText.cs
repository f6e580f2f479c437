using System.Text;
using BlockRbd.GuestDisk.FileSystems;

namespace BlockRbd.BootConfig;

/// <summary>
/// A guest's text between bytes and strings. Inside this library a character stands for one byte (Latin-1), whatever
/// encoding the guest meant, so that every byte survives and lengths and comparisons are GRUB's.
/// </summary>
public static class GuestText
{
    /// <summary>One character for each byte.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The bytes again.</summary>
    public static byte[] ToBytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>A text that is shown (<see cref="Display"/>) as a guest's again: its UTF-8, a character for each byte.</summary>
    public static string FromShown(string text) => FromBytes(Encoding.UTF8.GetBytes(text));

    /// <summary>For a person or JSON: read as UTF-8, with control characters and stray bytes as \xHH.</summary>
    public static string Display(string text) => GuestPath.Display(ToBytes(text));
}

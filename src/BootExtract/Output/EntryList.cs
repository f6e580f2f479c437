using System.Buffers;
using System.Globalization;
using System.Text;
using BlockRbd.BootConfig;

namespace BlockRbd.BootExtract.Output;

/// <summary>The list of entries as <c>pygrub -l</c> prints it. Python's None stands for what an entry has not.</summary>
internal static class EntryList
{
    private const string None = "None";

    /// <summary>The list, a byte in each character.</summary>
    /// <param name="entries">The entries in the order of the menu.</param>
    /// <param name="legacy">The menu is GRUB legacy's, which counts partitions from 0.</param>
    public static string Text(IEnumerable<EntryDescription> entries, bool legacy)
    {
        StringBuilder text = new();
        foreach (EntryDescription entry in entries)
        {
            text.Append("title: ").Append(Line(entry.Title)).Append('\n')
                .Append("  root: ").Append(entry.Device is null ? None : Root(entry.Device, legacy)).Append('\n')
                .Append("  kernel: ").Append(OrNone(entry.Kernel)).Append('\n')
                .Append("  args: ").Append(OrNone(entry.Arguments)).Append('\n')
                .Append("  initrd: ").Append(OrNone(string.Join(' ', entry.Initrds))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>pygrub's spelling of a device: "d0p1" for "hd0,msdos1". A device of another kind keeps its name.</summary>
    internal static string Root(string device, bool legacy)
    {
        string[] parts = device.Split(',');
        if (parts is not [var disk, ..] || !disk.StartsWith("hd", StringComparison.Ordinal) || !TryNumber(disk, out int diskNumber))
        {
            return Line(device);
        }

        return parts switch
        {
            [_] => string.Create(CultureInfo.InvariantCulture, $"d{diskNumber}"),
            [_, var partition] when TryNumber(partition, out int number) =>
                string.Create(CultureInfo.InvariantCulture, $"d{diskNumber}p{(legacy ? number - 1 : number)}"),
            _ => Line(device),
        };
    }

    /// <summary>
    /// A value on its line. Its bytes stay as they are, so that a name can be given back to --kernel or --entry, but a control character must
    /// neither end the line nor reach the terminal.
    /// </summary>
    internal static string Line(string value)
    {
        StringBuilder line = new(value.Length);
        ReadOnlySpan<byte> rest = GuestText.ToBytes(value);
        while (!rest.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(rest, out Rune rune, out int used);
            bool control = status == OperationStatus.Done ? Rune.IsControl(rune) && rune.Value != '\t' : rest[0] < 0xA0;
            line.Append(control ? GuestText.Display(GuestText.FromBytes(rest[..used])) : GuestText.FromBytes(rest[..used]));
            rest = rest[used..];
        }

        return line.ToString();
    }

    private static string OrNone(string? value) => string.IsNullOrEmpty(value) ? None : Line(value);

    private static bool TryNumber(string name, out int number) =>
        int.TryParse(name.AsSpan(name.AsSpan().IndexOfAnyInRange('0', '9') is var first and >= 0 ? first : name.Length),
            NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

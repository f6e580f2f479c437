using System.Globalization;
using BlockRbd.GuestDisk;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>
/// Sectors of a device named like a file, "(hd0,gpt2)512+1" (grub_fs_blocklist of grub-core/kern/fs.c). What it is good for: the environment block that GRUB keeps in
/// Btrfs' header, which the filesystem's own grubenv names in <c>env_block</c>.
/// </summary>
internal static class GrubBlockList
{
    private const int SectorBytes = 512;

    /// <summary>Sectors of all pieces: an environment block has one or two.</summary>
    private const int MaxSectors = 128;

    public static bool IsBlockList(string name) => GrubFiles.Split(name) is (_, [not '/', ..] path) && path.Contains('+', StringComparison.Ordinal);

    /// <summary>The sectors' bytes.</summary>
    /// <returns>Null after an error is set.</returns>
    public static string? Read(GrubMachine machine, string name, ScriptPosition position)
    {
        machine.ClearError();
        (string? device, string list) = GrubFiles.Split(name);
        if (machine.OpenDevice(device, position) is not { } volume)
        {
            return null;
        }

        List<byte> bytes = [];
        foreach (string piece in list.Split(','))
        {
            string[] numbers = piece.Split('+');
            long start = 0;
            if (numbers is not [string first, string second]
                || (first.Length > 0 && !long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out start))
                || !int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count < 1
                || count > MaxSectors - (bytes.Count / SectorBytes) || start > long.MaxValue / SectorBytes)
            {
                machine.Fail(GrubError.BadFilename, $"invalid file name `{GuestText.Display(list)}'", position);
                return null;
            }

            try
            {
                bytes.AddRange(volume.ReadSectors(start * SectorBytes, count * SectorBytes) ?? []);
            }
            catch (ImageFormatException e)
            {
                machine.Fail(GrubError.FileReadError, $"{GuestText.Display(name)} can't be read: {e.Message}", position);
                return null;
            }
        }

        return GuestText.FromBytes([.. bytes]);
    }
}

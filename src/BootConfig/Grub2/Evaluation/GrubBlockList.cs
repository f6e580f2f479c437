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

    /// <summary>Pieces of a list: a word of more is none that anyone writes.</summary>
    private const int MaxPieces = 1024;

    /// <summary>Sectors of a disk, so that all pieces together have a size.</summary>
    private const long MaxSector = long.MaxValue / SectorBytes / MaxPieces / 2;

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

        if (Pieces(list) is not { } pieces || pieces.Sum(piece => piece.Length) > MaxSectors * SectorBytes)
        {
            machine.Fail(GrubError.BadFilename, $"invalid file name `{GuestText.Display(list)}'", position);
            return null;
        }

        List<byte> bytes = [];
        foreach ((long start, long length) in pieces)
        {
            try
            {
                bytes.AddRange(volume.ReadSectors(start, (int)length) ?? []);
            }
            catch (ImageFormatException e)
            {
                machine.Fail(GrubError.FileReadError, $"{GuestText.Display(name)} can't be read: {e.Message}", position);
                return null;
            }
        }

        return GuestText.FromBytes([.. bytes]);
    }

    /// <summary>The ranges of bytes that a list means: START+COUNT in sectors, START being 0 where it is left out; null where it is no list.</summary>
    public static List<(long Start, long Length)>? Pieces(string list)
    {
        List<(long Start, long Length)> pieces = [];
        foreach (string piece in list.Split(','))
        {
            string[] numbers = piece.Split('+');
            long start = 0;
            if (numbers is not [string first, string second] || pieces.Count == MaxPieces
                || (first.Length > 0 && !long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out start))
                || !long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out long count) || count < 1
                || count > MaxSector || start > MaxSector)
            {
                return null;
            }

            pieces.Add((start * SectorBytes, count * SectorBytes));
        }

        return pieces;
    }
}

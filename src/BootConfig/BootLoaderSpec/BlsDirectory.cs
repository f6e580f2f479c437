using BlockRbd.GuestDisk;

namespace BlockRbd.BootConfig.BootLoaderSpec;

/// <summary>Reads a directory of type 1 entries ("/loader/entries") in the order in which GRUB's blscfg puts them into its menu.</summary>
public static class BlsDirectory
{
    private const string Extension = ".conf";

    /// <summary>The entries of a directory, newest first.</summary>
    /// <param name="volume">Where the directory is.</param>
    /// <param name="directory">Its path, with or without a slash at the end.</param>
    /// <param name="dialect">Whose order.</param>
    /// <param name="notes">Gets a sentence for each file that is passed over.</param>
    /// <returns>Null where there is no such directory.</returns>
    /// <exception cref="BootConfigException">More files than anybody has (<see cref="BlsLimits"/>).</exception>
    public static IReadOnlyList<BlsEntry>? Read(
        IBootVolume volume, string directory, BlsDialect dialect = BlsDialect.RedHat, ICollection<string>? notes = null)
    {
        if (volume.List(directory) is not { } names)
        {
            return null;
        }

        // Red Hat's collects the names in strcmp's order first; GRUB's takes them as the filesystem gives them.
        List<string> files = [.. names.Where(name => IsEntry(name, dialect))];
        if (files.Count > BlsLimits.MaxEntries)
        {
            throw new BootConfigException(
                $"({volume.GrubName}){GuestText.Display(directory)}: more than {BlsLimits.MaxEntries} entry files");
        }

        files.Sort(string.CompareOrdinal);
        List<BlsEntry> entries = [];
        long total = 0;
        foreach (string name in files)
        {
            BootFile file = new(volume, $"{directory.TrimEnd('/')}/{name}");
            BlsEntry? entry = TryRead(file, notes, out int size);
            total += size;
            if (total > BlsLimits.MaxDirectoryBytes)
            {
                throw new BootConfigException(
                    $"({volume.GrubName}){GuestText.Display(directory)}: entry files of more than {BlsLimits.MaxDirectoryBytes} bytes");
            }

            if (entry is not null)
            {
                Insert(entries, entry, dialect);
            }
        }

        return entries;
    }

    /// <summary>One entry file: <c>blscfg --path /dir/name.conf</c>.</summary>
    /// <returns>Null, with a note, where it can't be read.</returns>
    public static BlsEntry? ReadFile(BootFile file, ICollection<string>? notes = null) => TryRead(file, notes, out _);

    private static bool IsEntry(string name, BlsDialect dialect) =>
        name.EndsWith(Extension, StringComparison.Ordinal)
        && (dialect == BlsDialect.Upstream || (name.Length > Extension.Length && name[0] != '.'));

    private static BlsEntry? TryRead(BootFile file, ICollection<string>? notes, out int size)
    {
        size = 0;
        try
        {
            if (file.Volume.ReadFile(file.Path, BlsLimits.MaxEntryBytes) is { } bytes)
            {
                size = bytes.Length;
                return new BlsEntry(file, BlsEntryParser.Parse(GuestText.FromBytes(bytes), file));
            }

            notes?.Add($"{GuestText.Display(file.ToString())}: is not a file");
        }
        catch (ImageFormatException e)
        {
            notes?.Add($"{GuestText.Display(file.ToString())}: {e.Message}");
        }

        return null;
    }

    /// <summary>
    /// Before the first one that is older, as blsuki_add_entry. Insertion and not a sort: a version order is not always
    /// transitive, and a sort's result would be another one then. Where the names compare equal GRUB drops the second; it is kept here.
    /// </summary>
    private static void Insert(List<BlsEntry> entries, BlsEntry entry, BlsDialect dialect)
    {
        int at = entries.FindIndex(other => Compare(entry, other, dialect) > 0);
        entries.Insert(at < 0 ? entries.Count : at, entry);
    }

    private static int Compare(BlsEntry left, BlsEntry right, BlsDialect dialect) => dialect == BlsDialect.Upstream
        ? FileVersion.Compare(left.FileName, right.FileName)
        : BlsOrder.Compare(left.Id, right.Id);
}

using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.FileSystems;

namespace BlockRbd.BootExtract.Reading;

/// <summary>Files of a guest by the names that its boot configuration or the administrator gives them.</summary>
/// <param name="host">The guest's disks.</param>
internal sealed class GuestFiles(GuestBootHost host)
{
    /// <summary>A file for a message.</summary>
    public static string Shown(BootFile file) => GuestText.Display(file.ToString());

    /// <summary>The file's inode, ready to be copied.</summary>
    /// <exception cref="ExtractException">It is not there, or no regular file.</exception>
    public static FileNode Open(BootFile file)
    {
        try
        {
            FileNode node = file.Volume is GuestBootVolume { Guest.FileSystem: { } fileSystem }
                ? GuestPath.ResolveFile(fileSystem, GuestText.ToBytes(file.Path))
                : throw new ExtractException(ExitCode.NotFound, $"{Shown(file)}: no filesystem that can be read");
            return file.Slice is { } slice ? new SlicedFile(node, slice) : node;
        }
        catch (GuestPathException e)
        {
            throw new ExtractException(ExitCode.NotFound, $"({file.Volume.GrubName}) {e.Message}", e);
        }
    }

    /// <summary>The kernel's inode. An empty one (a crash, a full /boot) fails here, where a fallback is still possible.</summary>
    /// <exception cref="ExtractException">It is not there, no regular file, or empty.</exception>
    public static FileNode OpenKernel(BootFile file)
    {
        FileNode kernel = Open(file);
        return kernel.Size > 0 ? kernel : throw new ExtractException(ExitCode.NotFound, $"kernel {Shown(file)} is empty");
    }

    /// <summary>What a person should know about the volumes that files came from, and about the tables that these stand in.</summary>
    public static IEnumerable<string> Warnings(IEnumerable<BootFile> files, GuestDiskSet disks)
    {
        List<GuestBootVolume> volumes = [.. files.Select(file => file.Volume).OfType<GuestBootVolume>().Distinct()];
        IEnumerable<string> tables =
            from index in volumes.Where(volume => volume.Guest is { Partition: not null, DiskIndex: >= 0 }).Select(volume => volume.Guest.DiskIndex).Distinct()
            from warning in disks.Disks[index].Table?.Warnings ?? []
            select $"(hd{index}): {warning}";
        return tables.Concat(
            from volume in volumes
            from warning in volume.Guest.Warnings
            select $"({volume.GrubName}): {warning}");
    }

    /// <summary>The file that --kernel, --ramdisk or --config names: "(hd0,gpt2)/path", or a path that is looked for on every volume.</summary>
    /// <param name="option">The option's name.</param>
    /// <param name="name">Its value.</param>
    /// <param name="first">The volume that is looked at first, or null.</param>
    /// <param name="note">Told what a person could mistake.</param>
    /// <param name="orDirectory">Whether a directory will do, too.</param>
    /// <exception cref="ExtractException">No volume has it.</exception>
    public BootFile Find(string option, string name, IBootVolume? first, Action<string> note, bool orDirectory = false)
    {
        int bracket = name.StartsWith('(') ? name.IndexOf(')', StringComparison.Ordinal) : -1;
        string path = name[(bracket + 1)..];
        path = path.StartsWith('/') ? path : "/" + path;
        IEnumerable<IBootVolume> volumes = bracket > 0 ? [Volume(option, name[1..bracket])] : host.Volumes.OrderBy<IBootVolume, bool>(volume => volume != first);
        List<BootFile> found = [.. volumes.Where(volume => HasFile(volume, path, orDirectory)).Select(volume => new BootFile(volume, path))];
        if (found.Count > 1 && found[0].Volume != first)
        {
            note($"{option}={GuestText.Display(name)}: taken from {Shown(found[0])}, but {Shown(found[1])} is there too; name one of them to be exact");
        }

        return found.Count > 0
            ? found[0]
            : throw new ExtractException(ExitCode.NotFound, $"{option}: no file {(orDirectory ? "or directory " : "")}{GuestText.Display(path)} on {VolumesLookedAt()}");
    }

    private GuestBootVolume Volume(string option, string name) =>
        host.Volumes.FirstOrDefault(volume => volume.GrubName == name || volume.OtherNames.Contains(name))
            ?? throw new ExtractException(ExitCode.NotFound, $"{option}: no volume ({GuestText.Display(name)}): there are {VolumesLookedAt()}");

    private static bool HasFile(IBootVolume volume, string path, bool orDirectory) =>
        volume.Unreadable is null && volume.Stat(path) is { } stat && (orDirectory || !stat.IsDirectory);

    private string VolumesLookedAt() => string.Join(
        "; ", host.Volumes.Select(volume => $"({volume.GrubName}) {GuestText.Display(volume.Unreadable ?? volume.FileSystem)}"));
}

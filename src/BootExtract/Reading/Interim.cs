using BlockRbd.BootConfig;
using BlockRbd.BootConfig.GrubLegacy;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.FileSystems;

namespace BlockRbd.BootExtract.Reading;

internal sealed class GuestBootHost(GuestDiskSet disks) : IBootHost
{
    public IReadOnlyList<IBootVolume> Volumes { get; } = [.. disks.Volumes.Select(volume => new InterimVolume(volume))];
}

internal sealed class InterimVolume(GuestVolume volume) : IBootVolume
{
    public string GrubName => GuestFiles.Name(volume);

    public string FileSystem => volume.FileSystem?.GrubName ?? "";

    public string Label => "";

    public string Uuid => volume.FileSystem?.Uuid ?? "";

    public string PartitionUuid => volume.Partition?.Uuid ?? "";

    public string? Unreadable => volume.Unreadable;

    public BootFileStat? Stat(string path) =>
        volume.FileSystem is { } fs && GuestPath.TryResolve(fs, GuestText.ToBytes(path)) is { } node
            ? new BootFileStat(node.Kind == FileKind.Directory, node.Size) : null;

    public byte[]? ReadFile(string path, int maxBytes)
    {
        if (volume.FileSystem is not { } fs || GuestPath.TryResolve(fs, GuestText.ToBytes(path)) is not { } node)
        {
            return null;
        }

        byte[] bytes = new byte[node.Size];
        node.Read(0, bytes);
        return bytes;
    }

    public IReadOnlyList<string>? List(string path) => null;
}

internal static class BootFinder
{
    public static BootSearch Find(IBootHost host)
    {
        foreach (IBootVolume volume in host.Volumes)
        {
            if (volume.Stat("/boot/grub/menu.lst") is not null)
            {
                return new BootSearch(GrubLegacyConfig.Load(host, volume, "/boot/grub/menu.lst"), []);
            }
        }

        return new BootSearch(null, [.. host.Volumes.Select(v => new LookedAt(v.GrubName, "no"))]);
    }
}

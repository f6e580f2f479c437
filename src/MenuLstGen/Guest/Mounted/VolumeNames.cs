using System.Globalization;
using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.MenuLstGen.Guest.Mounted;

/// <summary>Finds out what a boot loader calls a mounted filesystem.</summary>
internal sealed class VolumeNames
{
    private readonly string _directory;
    private readonly HostSystem _system;
    private readonly FsTab _fstab;
    private readonly GrubRoots _given;
    private readonly IReadOnlyList<string> _disks;
    private readonly Action<string> _note;

    /// <param name="directory">The guest's root directory.</param>
    /// <param name="request">Says what is known besides.</param>
    /// <param name="system">Where the host tells of its devices.</param>
    /// <param name="fstab">The guest's.</param>
    /// <param name="mounts">Everything of the guest that is mounted.</param>
    /// <param name="note">Told what was assumed.</param>
    public VolumeNames(string directory, GenRequest request, HostSystem system, FsTab fstab, IReadOnlyList<Mount> mounts, Action<string> note)
    {
        _directory = directory;
        _system = system;
        _fstab = fstab;
        _given = new GrubRoots(request.GrubRoots);
        _note = note;
        _disks = Disks(request, mounts);
    }

    /// <summary>The volume that is mounted somewhere.</summary>
    /// <param name="mount">The mount; null where the guest's root is a directory and no mount.</param>
    /// <param name="point">The mount point in the guest: "/boot".</param>
    /// <param name="hostPath">The same on this host.</param>
    /// <exception cref="GenException">Nothing tells which partition it is.</exception>
    public DirectoryVolume Open(Mount? mount, string point, string hostPath)
    {
        BlockDevice? device = mount is null ? null : BlockDevice.Of(mount, _system);
        GuestVolume? onDisk = device is null ? null : Look(device);
        return new DirectoryVolume(hostPath, staysOnMount: mount is not null)
        {
            GrubName = Name(point, device, onDisk),
            FileSystem = onDisk?.FileSystem?.GrubName ?? GrubDriver(mount?.FileSystem ?? ""),
            Label = onDisk?.FileSystem is { } labelled ? GuestText.FromBytes(labelled.Label) : _fstab.Tag(point, "LABEL"),
            Uuid = onDisk?.FileSystem?.Uuid ?? _fstab.Tag(point, "UUID"),
            PartitionUuid = onDisk?.Partition?.Uuid ?? _fstab.Tag(point, "PARTUUID"),
            Features = onDisk?.FileSystem?.Features ?? [],
            Prefix = mount?.Root is { Length: > 1 } part ? GuestText.FromBytes(System.Text.Encoding.UTF8.GetBytes(part)) : "",
        };
    }

    /// <summary>The guest's disks by their names on this host, in the guest's order; empty where none is known.</summary>
    private List<string> Disks(GenRequest request, IReadOnlyList<Mount> mounts)
    {
        if (request.Devices.Count > 0)
        {
            return [.. request.Devices.Select(path => Path.GetFileName(HostLink.Follow(path)))];
        }

        List<string> disks =
        [
            .. mounts.Select(mount => BlockDevice.Of(mount, _system)).OfType<BlockDevice>()
                .Where(device => device.Mapping is null).Select(device => device.Disk).Distinct(),
        ];
        IReadOnlyList<string> frontends = BlockDevice.FrontendDisks(_system);
        if (_directory == "/" && disks.Count > 0 && disks.All(frontends.Contains))
        {
            return [.. frontends];
        }

        if (disks is [string only])
        {
            _note($"/dev/{only} is taken for the guest's first disk, (hd0): --device says otherwise");
        }

        return disks.Count == 1 ? disks : [];
    }

    private string Name(string point, BlockDevice? device, GuestVolume? onDisk)
    {
        if (_given.At(point) is { } given)
        {
            return GrubName(given.Disk, given.Partition, onDisk);
        }

        if (device?.Mapping is { } mapping)
        {
            return mapping;
        }

        if (device is not null && _disks.ToList().IndexOf(device.Disk) is >= 0 and int index)
        {
            return GrubName(index, device.Partition, onDisk);
        }

        if (device is null && _fstab.DeviceName(point) is { } name && FromLetters(name) is { } written)
        {
            _note($"the guest's /etc/fstab has /dev/{name} at {point}: taken as PV-GRUB's (hd{written.Disk}{(written.Partition is { } n ? $",{n - 1}" : "")})");
            return GrubName(written.Disk, written.Partition, onDisk: null);
        }

        string option = point == "/" ? "'(hd0,0)'" : $"'{point}=(hd0,0)'";
        string what = device is null
            ? "nothing tells which partition of the guest it is"
            : $"/dev/{device.Name} is on /dev/{device.Disk}, one of several disks: --device=DISK names them in the guest's order";
        throw new GenException(ExitCode.NotFound, $"{point} of {_directory}: {what}; or give --grub-root={option} with what PV-GRUB calls it");
    }

    /// <summary>"xvda1", "sdb": PV domains number disks by these letters.</summary>
    private static (int Disk, int? Partition)? FromLetters(string name)
    {
        bool known = name.Length >= 4 && name[..3] is "xvd" || (name.Length >= 3 && name[..2] is "sd" or "hd" or "vd");
        int at = name is ['x', ..] ? 3 : 2;
        if (!known || name[at] is < 'a' or > 'p')
        {
            return null;
        }

        string number = name[(at + 1)..];
        return number.Length == 0 ? (name[at] - 'a', null)
            : int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int partition) && partition is > 0 and < 256 ? (name[at] - 'a', partition)
            : null;
    }

    private static string GrubName(int disk, int? partition, GuestVolume? onDisk) =>
        partition is { } number
            ? string.Create(CultureInfo.InvariantCulture, $"hd{disk},{onDisk?.Partition?.Scheme ?? "msdos"}{number}")
            : string.Create(CultureInfo.InvariantCulture, $"hd{disk}");

    /// <summary>What the disk's own bytes say of the partition; null where they can't be read.</summary>
    private GuestVolume? Look(BlockDevice device)
    {
        if (device.Mapping is not null)
        {
            return null;
        }

        try
        {
            using FileSource disk = FileSource.Open(Path.Combine(_system.Dev, device.Disk));
            return GuestDiskSet.Open([disk]).Volumes.FirstOrDefault(volume => volume.Partition?.Parent is null && volume.Partition?.Number == device.Partition);
        }
        catch (SourceReadException e)
        {
            _note($"{e.Message}: the filesystem's UUID and features are not known");
            return null;
        }
    }

    /// <summary>GRUB's name of a filesystem for the kernel's.</summary>
    private static string GrubDriver(string kernelName) => kernelName switch
    {
        "ext2" or "ext3" or "ext4" => "ext2",
        "vfat" or "msdos" => "fat",
        _ => kernelName,
    };
}

using System.Runtime.InteropServices;
using BlockRbd.BootConfig;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.MenuLstGen.Guest.Mounted;

/// <summary>
/// A guest that is mounted on this host, or that this is. Files come from the mounts; which partition each is, what it is called and how it is
/// made comes from --grub-root, from sysfs and the disk's own bytes, and from the guest's /etc/fstab, in this order.
/// </summary>
internal sealed class DirectoryHost : IBootHost, IDisposable
{
    private readonly List<DirectoryVolume> _volumes = [];

    private DirectoryHost()
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<IBootVolume> Volumes => _volumes;

    /// <summary>Opens it.</summary>
    /// <param name="root">The guest's root directory.</param>
    /// <param name="request">Says what is known besides.</param>
    /// <param name="system">Where the host tells what is mounted.</param>
    /// <param name="note">Told what was assumed.</param>
    /// <exception cref="GenException">The directory can't be read, or nothing tells which partition it is.</exception>
    public static DirectoryHost Open(string root, GenRequest request, HostSystem system, Action<string> note)
    {
        string directory = RealPath(root);
        DirectoryHost host = new();
        try
        {
            IReadOnlyList<Mount> mounts = MountTable.At(system.MountInfo, directory);
            Mount? own = mounts.FirstOrDefault(mount => mount.Point == directory);
            List<Mount> below = [.. mounts.Where(mount => mount != own && !IsSeenElsewhere(mount, own) && BlockDevice.Of(mount, system) is not null)];
            below = [.. below.DistinctBy(mount => HasOwnNumber(mount) ? mount.Device : mount.Point)];
            using DirectoryVolume probe = new(directory, staysOnMount: false);
            VolumeNames names = new(directory, request, system, FsTab.Read(probe), [.. below.Prepend(own).OfType<Mount>()], note);
            host._volumes.Add(names.Open(own, "/", directory));
            foreach (Mount mount in below)
            {
                host._volumes.Add(names.Open(mount, mount.Point[directory.TrimEnd('/').Length..], mount.Point));
            }

            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _volumes.ForEach(static volume => volume.Dispose());

    /// <summary>A bind mount of a part of the root filesystem.</summary>
    private static bool IsSeenElsewhere(Mount mount, Mount? own) => HasOwnNumber(mount) && mount.Device == own?.Device;

    /// <summary>Btrfs gives each subvolume a number of its own that is no device's.</summary>
    private static bool HasOwnNumber(Mount mount) => !mount.Device.StartsWith("0:", StringComparison.Ordinal);

    private static string RealPath(string path)
    {
        using SafeFileHandle directory = new(Libc.Open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC), ownsHandle: true);
        if (directory.IsInvalid)
        {
            throw new GenException(ExitCode.InputError, $"--root={path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return File.ResolveLinkTarget($"/proc/self/fd/{directory.DangerousGetHandle()}", returnFinalTarget: false)!.FullName;
    }
}

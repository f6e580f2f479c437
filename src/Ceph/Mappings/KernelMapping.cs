using System.Globalization;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Targets;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Ceph.Mappings;

/// <summary>Makes block devices of images and takes them away, with the rbd program, and always by the device itself, never by a name.</summary>
/// <param name="paths">The host's.</param>
/// <param name="log">Told each step.</param>
public sealed class KernelMapping(HostPaths paths, Action<string> log)
{
    // From this to ten times this between tries of a busy device.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    // How long a killed mapping may still come into being, and how long taking it away again may last, behind the deadline itself.
    private static readonly TimeSpan AppearPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CleanUpPatience = TimeSpan.FromSeconds(3);

    // How long rbd-nbd may take, once `rbd` has ended, to begin serving its device.
    private static readonly TimeSpan ServingPatience = TimeSpan.FromSeconds(5);

    // How long a device's file may take to appear behind the device.
    private static readonly TimeSpan NodePatience = TimeSpan.FromSeconds(2);

    /// <summary>All images that this host has as devices.</summary>
    public IReadOnlyList<MappedImage> List() => [.. KrbdDevices.List(paths), .. NbdDevices.List(paths)];

    /// <summary>The devices of one image.</summary>
    /// <param name="fsid">Its cluster; null where that isn't known.</param>
    /// <param name="pool">Its pool.</param>
    /// <param name="name">Its namespace.</param>
    /// <param name="image">Its name.</param>
    /// <param name="snapshot">The snapshot, or null.</param>
    public IReadOnlyList<MappedImage> Find(Guid? fsid, string pool, string name, string image, string? snapshot) =>
        [.. List().Where(mapped => (fsid is null || mapped.ClusterFsid is null || mapped.ClusterFsid == fsid)
            && mapped.Pool == pool && mapped.Namespace == name && mapped.Image == image && mapped.Snapshot == snapshot)];

    /// <summary>Maps, and verifies that the device is what was wanted. Where it fails nothing stays mapped.</summary>
    /// <param name="request">What to map.</param>
    /// <param name="belongsToAnother">
    /// Whether a device of the same image, which appeared meanwhile, is somebody else's: asked only after a failure, to tell what the rbd
    /// program left behind from what runs beside it.
    /// </param>
    /// <param name="deadline">When it must have ended; cleaning up may take a few seconds more.</param>
    /// <param name="cancel">Ends it before.</param>
    /// <exception cref="CephException">It can't be mapped, or isn't what was wanted.</exception>
    public MappedImage Map(MapRequest request, Func<MappedImage, bool> belongsToAnother, Deadline deadline, CancellationToken cancel = default)
    {
        IReadOnlyList<MappedImage> before = List();
        ChildResult child = ChildProcess.Run(paths.Rbd, request.Arguments(), deadline, cancel);
        MappedImage? mapped = null;
        try
        {
            mapped = child.ExitCode == 0 ? Device(request.Type, child.Output, deadline) : throw MapFailure.Of(request, child);
            log($"mapped {request.Image.FullName} as {mapped.Device}");
            Verify(request, mapped);
            RequireNode(mapped, deadline);
            return mapped;
        }
        catch (CephException)
        {
            if (mapped is null)
            {
                UnmapNew(before, request, belongsToAnother, waitForIt: child.ExitCode is null || request.Type == DeviceType.Nbd);
            }
            else if (!before.Any(mapped.IsSame))
            {
                TryUnmap(mapped);
            }

            throw;
        }
    }

    /// <summary>Waits while a device of the image is on its way although no rbd program runs any more: one of rbd-nbd may be.</summary>
    /// <param name="type">Who makes it.</param>
    /// <param name="image">pool/[namespace/]image[@snapshot].</param>
    /// <param name="deadline">How long to wait.</param>
    public void AwaitComing(DeviceType type, string image, Deadline deadline)
    {
        while (type == DeviceType.Nbd && NbdDevices.IsOneComing(paths, image) && !deadline.IsOver)
        {
            deadline.Sleep(FirstPause);
        }
    }

    /// <summary>Takes a mapping away, trying again while it is busy. Never by force.</summary>
    /// <param name="mapped">The mapping as it was recorded; a later one with the same number is left alone.</param>
    /// <param name="deadline">Until when to try.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="CephException">It is still there; the message names who holds it.</exception>
    public bool Unmap(MappedImage mapped, Deadline deadline)
    {
        TimeSpan pause = FirstPause;
        for (bool wasThere = false; ; wasThere = true)
        {
            if (Current(mapped) is not { } current || !current.IsSame(mapped))
            {
                return wasThere;
            }

            ChildResult child = UnmapOnce(mapped, deadline);
            if (Current(mapped) is not { } still || !still.IsSame(mapped))
            {
                log($"unmapped {mapped.Device} ({mapped.FullName})");
                return true;
            }

            if (deadline.IsOver)
            {
                throw MapFailure.OfUnmap(mapped, child, DeviceHolders.Find(paths, mapped));
            }

            log($"{mapped.Device} is still there ({MapFailure.Reason(child)}), trying again");
            deadline.Sleep(pause);
            pause = pause < FirstPause * 10 ? pause * 1.5 : pause;
        }
    }

    /// <summary>
    /// The kernel keeps an rbd device that somebody has open. An nbd device it takes away from whoever has it (rbd-nbd.cc, do_unmap:
    /// NBD_CMD_DISCONNECT), so that is looked at first.
    /// </summary>
    private ChildResult UnmapOnce(MappedImage mapped, Deadline deadline) =>
        mapped.Type == DeviceType.Nbd && DeviceHolders.Find(paths, mapped).Count > 0
            ? new ChildResult(CephErrno.EBUSY, "", "it is in use")
            : ChildProcess.Run(paths.Rbd, UnmapArguments(mapped), deadline, CancellationToken.None);

    private static List<string> UnmapArguments(MappedImage mapped)
    {
        string device = string.Create(CultureInfo.InvariantCulture, $"/dev/{(mapped.Type == DeviceType.Nbd ? "nbd" : "rbd")}{mapped.Number}");
        return mapped.Type == DeviceType.Nbd
            ? ["device", "unmap", "--device-type", "nbd", device]
            : ["device", "unmap", "--device-type", "krbd", "--options", "noudev", device];
    }

    private MappedImage? Current(MappedImage mapped) => Read(mapped.Type, mapped.Number.ToString(CultureInfo.InvariantCulture));

    private MappedImage? Read(DeviceType type, string name) =>
        type == DeviceType.Nbd ? NbdDevices.TryRead(paths, name) : KrbdDevices.TryRead(paths, name);

    /// <summary>The device that the program says it made: its whole output, and nothing else.</summary>
    private MappedImage Device(DeviceType type, string output, Deadline deadline)
    {
        string prefix = type == DeviceType.Nbd ? "/dev/nbd" : "/dev/rbd";
        string line = output.EndsWith('\n') ? output[..^1] : output;
        string number = line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..] : "";
        return number.Length is > 0 and < 8 && number.All(char.IsAsciiDigit)
            ? Serving(type, number, deadline)
                ?? throw new CephException(CephFault.Mapping, $"{paths.Rbd} says that it mapped {line}, but the kernel has no such device")
            : throw new CephException(CephFault.Mapping, $"{paths.Rbd} named no device: {TargetText.Quote(output)}");
    }

    /// <summary>An rbd device is there when the program ends; one of rbd-nbd is, with its size, when rbd-nbd has got that far.</summary>
    private MappedImage? Serving(DeviceType type, string number, Deadline deadline)
    {
        Deadline patience = deadline.OrAfter(ServingPatience);
        MappedImage? mapped;
        while ((mapped = Read(type, number)) is null or { Size: 0 } && type == DeviceType.Nbd && !patience.IsOver)
        {
            patience.Sleep(TimeSpan.FromMilliseconds(5));
        }

        return mapped;
    }

    /// <summary>The name may have come to mean another image between the lookup, the lock and the mapping; the device tells.</summary>
    private static void Verify(MapRequest request, MappedImage mapped)
    {
        ImageInfo image = request.Image;
        string? problem = !mapped.Shows(request.Fsid, image)
            ? $"it is {mapped.FullName} with id {mapped.ImageId ?? "?"} in cluster {mapped.ClusterFsid}, not {image.FullName} with id {image.Id} in {request.Fsid}"
            : mapped.Size != image.Size && mapped.Size != request.SizeNow() ? $"it has {mapped.Size} bytes, not {image.Size}"
            : mapped.IsReadOnly != request.ReadOnly ? (request.ReadOnly ? "it is writable, though read-only was asked for" : "it is read-only")
            : null;
        if (problem is not null)
        {
            throw new CephException(CephFault.Conflict, $"{mapped.Device} is not what was to be mapped: {problem}");
        }
    }

    /// <summary>devtmpfs has the device's file when the program ends, udev alone some time later; without it the program can't unmap either.</summary>
    private static void RequireNode(MappedImage mapped, Deadline deadline)
    {
        Deadline patience = deadline.OrAfter(NodePatience);
        while (!File.Exists(mapped.Device) && !patience.IsOver)
        {
            patience.Sleep(TimeSpan.FromMilliseconds(5));
        }

        using SafeFileHandle node = new(Libc.Open(mapped.Device, Libc.O_PATH | Libc.O_CLOEXEC), ownsHandle: true);
        if (node.IsInvalid)
        {
            throw new CephException(CephFault.Mapping, $"{mapped.Device} is mapped, but the file is not there: is devtmpfs mounted on {Path.GetDirectoryName(mapped.Device)}?");
        }

        if (Libc.BlockDeviceOf(node) is { } found && found != (mapped.Major, mapped.Minor))
        {
            throw new CephException(
                CephFault.Mapping,
                string.Create(CultureInfo.InvariantCulture, $"{mapped.Device} is a file of device {found.Major}:{found.Minor}, and the image is {mapped.Major}:{mapped.Minor}: remove that file"));
        }
    }

    /// <summary>Takes away what a failed run of the program made all the same.</summary>
    private void UnmapNew(IReadOnlyList<MappedImage> before, MapRequest request, Func<MappedImage, bool> belongsToAnother, bool waitForIt)
    {
        Deadline appear = Deadline.After(waitForIt ? AppearPatience : TimeSpan.Zero);
        do
        {
            foreach (MappedImage mapped in List())
            {
                bool isWanted = mapped.FullName == request.Image.FullName && (mapped.ClusterFsid ?? request.Fsid) == request.Fsid;
                if (isWanted && mapped.Type == request.Type && !before.Any(mapped.IsSame) && !belongsToAnother(mapped))
                {
                    log($"{mapped.Device} was mapped all the same, taking it away");
                    TryUnmap(mapped);
                }
            }

            appear.Sleep(FirstPause);
        }
        while (!appear.IsOver);
    }

    private void TryUnmap(MappedImage mapped)
    {
        try
        {
            Unmap(mapped, Deadline.After(CleanUpPatience));
        }
        catch (CephException e)
        {
            // The reason for the failure itself is what the caller must hear.
            log(e.Message);
        }
    }
}

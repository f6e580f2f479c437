using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.FileSystems;

namespace BlockRbd.BootConfig.Grub2;

/// <summary><c>loopback</c>: a file as a device (grub-core/disk/loopback.c).</summary>
internal static class LoopbackCommand
{
    // gzip, xz, LZMA, lzop: what -D unpacks (GRUB's file filters).
    private static readonly byte[][] PackedMagic =
    [
        [0x1F, 0x8B], [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], [0x5D, 0, 0], [0x89, (byte)'L', (byte)'Z', (byte)'O'],
    ];

    private static readonly CommandSyntax Syntax = new([new("delete", 'd'), new("decompress", 'D')]);

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table = [new("loopback", Run)];

    private static GrubError Run(GrubMachine machine, CommandCall call)
    {
        if (OptionParser.Parse(machine, call, Syntax) is not { } options)
        {
            return machine.Error;
        }

        if (options.Arguments is not [string name, ..])
        {
            return machine.Fail(GrubError.BadArgument, "device name required", call);
        }

        if (options.Has("delete"))
        {
            if (machine.Loops.Find(name) is not { } known)
            {
                return machine.Fail(GrubError.BadDevice, "device not found", call);
            }

            machine.Loops.Remove(known);
            return GrubError.None;
        }

        if (options.Arguments is not [_, string file, ..])
        {
            return machine.Fail(GrubError.BadArgument, "filename expected", call);
        }

        return machine.Loops.Find(name) is not null
            ? machine.Fail(GrubError.BadArgument, "device name already exists", call)
            : Add(machine, call, name, file, options.Has("decompress"));
    }

    private static GrubError Add(GrubMachine machine, CommandCall call, string name, string file, bool unpacks)
    {
        if (Locate(machine, call, file) is not { } place)
        {
            return machine.KeepLoaderError(call); // an entry that boots from it wants to know why it can't
        }

        try
        {
            int depth = (machine.Loops.Of(place.Volume)?.Depth ?? 0) + 1;
            Grub2Limits limits = machine.Options.Limits;
            if (depth > limits.LoopDepth || machine.Loops.Devices.Count == limits.LoopDevices)
            {
                return machine.FailUnsupported(call, $"more than {limits.LoopDevices} loop devices, or {limits.LoopDepth} inside each other");
            }

            if (unpacks && IsPacked(place.Volume.ReadPart(place.Content.Name, 0, 8) ?? []))
            {
                return machine.FailUnsupported(call, $"loopback -D {GuestText.Display(file)}: a packed disk image is not supported");
            }

            if (place.Volume.OpenAsDisk(place.Content, name) is not { } volumes)
            {
                return machine.FailUnsupported(call, $"loopback {GuestText.Display(file)}: files of this volume can't be opened as disks here");
            }

            machine.Loops.Add(new LoopDevice(name, volumes, depth));
            return GrubError.None;
        }
        catch (Exception e) when (e is ImageFormatException or GuestPathException)
        {
            machine.Fail(GrubError.FileReadError, $"{GuestText.Display(file)} can't be read: {e.Message}", call);
            return machine.KeepLoaderError(call);
        }
    }

    /// <summary>The file, or the sectors where what stands behind the device doesn't begin with a slash.</summary>
    /// <returns>Null after an error is set.</returns>
    private static (IBootVolume Volume, DiskContent Content)? Locate(GrubMachine machine, CommandCall call, string file)
    {
        if (!GrubBlockList.IsBlockList(file))
        {
            return machine.OpenFile(file, call.Position) is { } found ? (found.Volume, new DiskContent(found.Path, [])) : null;
        }

        machine.ClearError();
        (string? device, string list) = GrubFiles.Split(file);
        if (machine.OpenDevice(device, call.Position) is not { } volume)
        {
            return null;
        }

        if (GrubBlockList.Pieces(list) is { } pieces)
        {
            return (volume, new DiskContent(list, pieces));
        }

        machine.Fail(GrubError.BadFilename, $"invalid file name `{GuestText.Display(list)}'", call);
        return null;
    }

    private static bool IsPacked(byte[] start) => PackedMagic.Any(magic => start.AsSpan().StartsWith(magic));
}

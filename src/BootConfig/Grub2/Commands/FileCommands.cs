namespace BlockRbd.BootConfig.Grub2;

/// <summary>Commands that show files and devices.</summary>
internal static class FileCommands
{
    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
    [
        new("ls", List),
        new("cat", Cat),
    ];

    private static GrubError List(GrubMachine machine, CommandCall call)
    {
        string? name = call.Arguments.FirstOrDefault(argument => !argument.StartsWith('-'));
        if (name is null)
        {
            machine.Print(string.Concat(machine.Host.Volumes.Select(volume => $"({volume.GrubName}) ")) + "\n", call.Position);
            return GrubError.None;
        }

        (string? device, string path) = GrubFiles.Split(name);
        if (machine.OpenDevice(device, call.Position) is not { } volume || !machine.CheckFilesystem(volume, call.Position))
        {
            return machine.Error;
        }

        if (path.Length == 0)
        {
            machine.Print($"({device}): Filesystem is {volume.FileSystem}.\n", call.Position);
        }
        else if (machine.ListQuietly(name, call.Position) is { } names)
        {
            machine.Print(string.Concat(names.Select(file => file + " ")) + "\n", call.Position);
        }
        else if (machine.StatQuietly(name, call.Position) is null)
        {
            return machine.Fail(GrubError.FileNotFound, $"file `{GuestText.Display(path)}' not found", call);
        }

        return GrubError.None;
    }

    private static GrubError Cat(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments is not [.., string name])
        {
            return machine.Fail(GrubError.BadArgument, "filename expected", call);
        }

        if (machine.OpenFile(name, call.Position) is not { } file || machine.ReadFile(file, call.Position) is not { } content)
        {
            return machine.Error;
        }

        machine.Print(content + "\n", call.Position); // cat.c: one more line at the end
        return GrubError.None;
    }
}

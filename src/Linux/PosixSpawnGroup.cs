using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    public const int WNOHANG = 1;

    // glibc and musl keep theirs below these sizes on every machine.
    private const int SpawnFileActionsBytes = 256;
    private const int SpawnAttributesBytes = 1024;
    private const int SigSetBytes = 256;

    private const short POSIX_SPAWN_SETPGROUP = 0x02;
    private const short POSIX_SPAWN_SETSIGDEF = 0x04;
    private const short POSIX_SPAWN_SETSIGMASK = 0x08;

    /// <summary>
    /// posix_spawn(3) of a child that leads a process group of its own, so that it and what it starts can be ended together, with no signal
    /// ignored or blocked, standard input from /dev/null and the other two where they are wanted.
    /// </summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Each argument's bytes, the program's name first.</param>
    /// <param name="environment">Each "NAME=value".</param>
    /// <param name="output">Becomes standard output.</param>
    /// <param name="error">Becomes standard error.</param>
    /// <param name="pid">The child, and its group.</param>
    /// <returns>0, or the error's number.</returns>
    public static int PosixSpawnGroup(
        string path, IReadOnlyList<byte[]> arguments, IReadOnlyList<byte[]> environment, SafeFileHandle output, SafeFileHandle error, out int pid)
    {
        nint actions = Marshal.AllocHGlobal(SpawnFileActionsBytes);
        nint attributes = Marshal.AllocHGlobal(SpawnAttributesBytes);
        nint signals = Marshal.AllocHGlobal(SigSetBytes);
        nint[] argv = Pointers(arguments);
        nint[] envp = Pointers(environment);
        _ = SpawnFileActionsInit(actions);
        _ = SpawnAttrInit(attributes);
        try
        {
            _ = SigFillSet(signals);
            _ = SpawnAttrSetSigDefault(attributes, signals);
            _ = SigEmptySet(signals);
            _ = SpawnAttrSetSigMask(attributes, signals);
            _ = SpawnAttrSetPGroup(attributes, 0);
            int result = SpawnAttrSetFlags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
            result = result != 0 ? result : SpawnFileActionsAddOpen(actions, 0, "/dev/null", 0, 0);
            result = result != 0 ? result : SpawnFileActionsAddDup2(actions, output, 1);
            result = result != 0 ? result : SpawnFileActionsAddDup2(actions, error, 2);
            pid = 0;
            return result != 0 ? result : PosixSpawn(out pid, path, actions, attributes, argv, envp);
        }
        finally
        {
            _ = SpawnFileActionsDestroy(actions);
            _ = SpawnAttrDestroy(attributes);
            Marshal.FreeHGlobal(actions);
            Marshal.FreeHGlobal(attributes);
            Marshal.FreeHGlobal(signals);
            Array.ForEach(argv, Marshal.FreeHGlobal);
            Array.ForEach(envp, Marshal.FreeHGlobal);
        }
    }

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int SpawnFileActionsInit(nint actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int SpawnFileActionsDestroy(nint actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SpawnFileActionsAddOpen(nint actions, int fd, string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int SpawnFileActionsAddDup2(nint actions, SafeFileHandle fd, int newFd);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    private static partial int SpawnAttrInit(nint attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    private static partial int SpawnAttrDestroy(nint attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SpawnAttrSetFlags(nint attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int SpawnAttrSetPGroup(nint attributes, int group);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SpawnAttrSetSigDefault(nint attributes, nint signals);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SpawnAttrSetSigMask(nint attributes, nint signals);

    [LibraryImport(Library, EntryPoint = "sigfillset")]
    private static partial int SigFillSet(nint signals);

    [LibraryImport(Library, EntryPoint = "sigemptyset")]
    private static partial int SigEmptySet(nint signals);
}

using System.Runtime.InteropServices;
using BlockRbd.Linux;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Output;

/// <summary>A file that was made for the caller, open for writing.</summary>
/// <param name="Name">Its name in its directory.</param>
/// <param name="Path">Its absolute path.</param>
/// <param name="Handle">It.</param>
internal sealed record OutputFile(string Name, string Path, SafeFileHandle Handle);

/// <summary>The kernel's and the ramdisk's file in the output directory. Both stand there, empty, before any guest byte is read.</summary>
/// <remarks>
/// Made first because --runas takes the right to make them away, and because a directory that can't be written to should say so
/// before minutes of reading. Every step is below one open directory, so nobody can slip another in between.
/// </remarks>
internal sealed class OutputFiles
{
    private const uint DirectoryMode = 0x1C0; // 0700
    private const uint FileMode = 0x180;      // 0600
    private const int NameTries = 100;
    private const string NameLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int RandomLetters = 6;

    private readonly SafeFileHandle _directory;

    private OutputFiles(SafeFileHandle directory, OutputFile kernel, OutputFile ramdisk)
    {
        _directory = directory;
        Kernel = kernel;
        Ramdisk = ramdisk;
    }

    /// <summary>The kernel's file.</summary>
    public OutputFile Kernel { get; }

    /// <summary>The ramdisk's file.</summary>
    public OutputFile Ramdisk { get; }

    /// <summary>Makes both files, and the directory where it isn't there.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="undo">Where they are noted.</param>
    /// <exception cref="ExtractException">They can't be made.</exception>
    public static OutputFiles Make(string path, Undo undo)
    {
        string directoryPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        MakeDirectory(directoryPath, undo);
        int descriptor = Libc.Open(directoryPath, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        SafeFileHandle directory = descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw Descriptor.Failed($"output directory {directoryPath}");
        return new OutputFiles(
            directory, MakeFile(directory, directoryPath, "boot_kernel.", undo), MakeFile(directory, directoryPath, "boot_ramdisk.", undo));
    }

    /// <summary>There is no ramdisk: its empty file goes.</summary>
    public void RemoveRamdisk() => _ = Libc.UnlinkAt(_directory, Ramdisk.Name, flags: 0);

    private static void MakeDirectory(string path, Undo undo)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(path) is { } parent)
        {
            MakeDirectory(parent, undo);
        }

        undo.Do(
            () =>
            {
                // EEXIST: somebody else was faster, and it is theirs. If it is no directory, opening it says so.
                bool made = Libc.MkDir(path, DirectoryMode) == 0;
                return made || Marshal.GetLastPInvokeError() == Libc.EEXIST ? made : throw Descriptor.Failed($"output directory {path}");
            },
            made => _ = made ? Libc.RmDir(path) : 0);
    }

    private static OutputFile MakeFile(SafeFileHandle directory, string directoryPath, string prefix, Undo undo) =>
        undo.Do(() => MakeFile(directory, directoryPath, prefix), file => _ = Libc.UnlinkAt(directory, file.Name, flags: 0));

    private static OutputFile MakeFile(SafeFileHandle directory, string directoryPath, string prefix)
    {
        for (int i = 0; i < NameTries; i++)
        {
            string name = prefix + new string(Random.Shared.GetItems<char>(NameLetters, RandomLetters));
            int descriptor = Libc.OpenAt(
                directory, name, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, FileMode);
            if (descriptor >= 0)
            {
                return new OutputFile(name, Path.Combine(directoryPath, name), new SafeFileHandle(descriptor, ownsHandle: true));
            }

            if (Marshal.GetLastPInvokeError() != Libc.EEXIST)
            {
                break;
            }
        }

        throw Descriptor.Failed($"output directory {directoryPath}: can't make {prefix}XXXXXX");
    }
}

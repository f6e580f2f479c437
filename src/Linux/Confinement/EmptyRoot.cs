namespace BlockRbd.Linux.Confinement;

/// <summary>A root directory that holds a program and its libraries, read-only, and nothing else.</summary>
internal static class EmptyRoot
{
    // Any directory that every machine has: what is mounted over it is seen by the calling thread alone.
    private const string Place = "/proc";

    private static readonly IReadOnlyList<string> LinkedDirectories = ["/lib", "/lib64"];

    /// <summary>Makes it the calling thread's, which has unshared its mounts.</summary>
    /// <returns>False, with errno, where one step isn't allowed; then the thread is good for nothing that needs files.</returns>
    public static bool Enter(ProgramFiles files)
    {
        if (Libc.Mount("none", "/", null, Libc.MS_REC | Libc.MS_PRIVATE, null) < 0
            || Libc.Mount("tmpfs", Place, "tmpfs", Libc.MS_NOSUID | Libc.MS_NODEV, "size=64k,mode=755") < 0)
        {
            return false;
        }

        try
        {
            LinkedDirectories.ToList().ForEach(Link);
            // pivot_root(2): with the same directory twice the old root comes to lie over the new one, and is taken off there
            return BindDirectories(files.LibraryDirectories) && BindFile(files.Loader) && BindFile(files.Program)
                && Libc.Mount("none", Place, null, Libc.MS_REMOUNT | Libc.MS_BIND | Libc.MS_RDONLY | Libc.MS_NOSUID | Libc.MS_NODEV, null) == 0
                && Libc.ChDir(Place) == 0 && Pivot() && Libc.Unmount(".", Libc.MNT_DETACH) == 0 && Libc.ChDir("/") == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // /lib is a link to usr/lib on most; an absolute one would lead out of here until the root is this one.
    private static void Link(string path)
    {
        if (new DirectoryInfo(path).LinkTarget is { } target)
        {
            Directory.CreateDirectory(Path.Combine(Place, target.TrimStart('/')));
            File.CreateSymbolicLink(Place + path, target.TrimStart('/'));
        }
    }

    private static bool BindDirectories(IReadOnlyList<string> directories)
    {
        foreach (string directory in directories)
        {
            Directory.CreateDirectory(Place + directory);
            if (!Bind(directory))
            {
                return false;
            }
        }

        return true;
    }

    private static bool BindFile(string path)
    {
        if (File.Exists(Place + path))
        {
            return true; // in a library directory
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Place + path)!);
        File.Create(Place + path).Dispose();
        return Bind(path);
    }

    private static bool Bind(string path) =>
        Libc.Mount(path, Place + path, null, Libc.MS_BIND, null) == 0
        && Libc.Mount("none", Place + path, null, Libc.MS_REMOUNT | Libc.MS_BIND | Libc.MS_RDONLY | Libc.MS_NOSUID | Libc.MS_NODEV, null) == 0;

    private static unsafe bool Pivot()
    {
        fixed (byte* dot = "."u8) // with its zero byte behind it
        {
            return Libc.Syscall(Libc.SYS_pivot_root, (nint)dot, (nint)dot, 0, 0) == 0;
        }
    }
}

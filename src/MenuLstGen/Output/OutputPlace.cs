using System.Runtime.InteropServices;
using System.Text;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.MenuLstGen.Output;

/// <summary>A name in an open directory: where a file is read and replaced.</summary>
internal sealed class OutputPlace : IDisposable
{
    private OutputPlace(SafeFileHandle directory, string name, string shown)
    {
        Directory = directory;
        Name = name;
        Shown = shown;
    }

    /// <summary>The directory.</summary>
    public SafeFileHandle Directory { get; }

    /// <summary>The name in it.</summary>
    public string Name { get; }

    /// <summary>The whole path for messages.</summary>
    public string Shown { get; }

    /// <summary>Opens the directory of a file that may not exist yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="root">
    /// The guest's root directory, or null. Below it the guest's own symbolic links decide where a path leads, so none of them may lead out of it.
    /// </param>
    /// <exception cref="GenException">It can't be opened.</exception>
    public static OutputPlace Open(string path, string? root)
    {
        string whole = Path.GetFullPath(path);
        string? below = root is null or "/" ? null : Below(whole, Path.GetFullPath(root)); // inside the guest its links are one's own
        if (below is null)
        {
            whole = HostLink.Follow(whole);
        }

        string parent = Path.GetDirectoryName(whole) ?? throw new GenException(ExitCode.Usage, $"{path}: is a directory");
        const int Flags = Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC;
        SafeFileHandle directory;
        if (below is null)
        {
            directory = new SafeFileHandle(Libc.Open(parent, Flags), ownsHandle: true);
        }
        else
        {
            using SafeFileHandle top = new(Libc.Open(root!, Flags), ownsHandle: true);
            directory = new SafeFileHandle(
                Libc.OpenAt2(top, Encoding.UTF8.GetBytes(Path.GetDirectoryName(below)!), Flags, Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS), ownsHandle: true);
        }

        return directory.IsInvalid
            ? throw new GenException(ExitCode.OutputError, $"{parent}: {Marshal.GetLastPInvokeErrorMessage()}")
            : new OutputPlace(directory, Path.GetFileName(whole), whole);
    }

    public void Dispose() => Directory.Dispose();

    private static string? Below(string whole, string root)
    {
        string prefix = root.TrimEnd('/') + "/";
        return whole.StartsWith(prefix, StringComparison.Ordinal) ? "/" + whole[prefix.Length..] : null;
    }
}

using System.Runtime.InteropServices;
using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.MenuLstGen.Guest.Mounted;

/// <summary>A mounted filesystem of the guest. Nothing leads out of it: no symbolic link, no "..", no other mount.</summary>
internal sealed class DirectoryVolume : IBootVolume, IDisposable
{
    /// <summary>Names that are listed of one directory: a boot configuration's directories hold a few dozen.</summary>
    private const int MaxListedNames = 100_000;

    private readonly SafeFileHandle _directory;
    private readonly string _hostPath;
    private readonly ulong _resolve;

    /// <param name="hostPath">Where it is mounted on this host.</param>
    /// <param name="staysOnMount">Whether what is mounted below it doesn't belong to it.</param>
    /// <exception cref="GenException">It is no directory that can be opened.</exception>
    public DirectoryVolume(string hostPath, bool staysOnMount)
    {
        _hostPath = hostPath;
        _resolve = Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS | (staysOnMount ? Libc.RESOLVE_NO_XDEV : 0);
        _directory = new SafeFileHandle(Libc.Open(hostPath, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC), ownsHandle: true);
        if (_directory.IsInvalid)
        {
            throw new GenException(ExitCode.InputError, $"{hostPath}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <inheritdoc/>
    public string GrubName { get; init; } = "";

    /// <inheritdoc/>
    public string FileSystem { get; init; } = "";

    /// <inheritdoc/>
    public string Label { get; init; } = "";

    /// <inheritdoc/>
    public string Uuid { get; init; } = "";

    /// <inheritdoc/>
    public string PartitionUuid { get; init; } = "";

    /// <summary>The directory of the filesystem that is mounted here: what stands before each path as a boot loader sees it.</summary>
    public string Prefix { get; init; } = "";

    /// <inheritdoc cref="Volumes.Features"/>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <inheritdoc/>
    public string? Unreadable => null;

    /// <inheritdoc/>
    public BootFileStat? Stat(string path)
    {
        using SafeFileHandle? file = OpenAny(path, Libc.O_PATH);
        if (file is null || Libc.StatX(file, out FileStatus status) < 0)
        {
            return null;
        }

        return (status.Mode & Libc.S_IFMT) switch
        {
            Libc.S_IFDIR => new BootFileStat(IsDirectory: true, Size: 0),
            Libc.S_IFREG => new BootFileStat(IsDirectory: false, status.Size),
            _ => null, // A device or a socket is nothing that can be booted from.
        };
    }

    /// <inheritdoc/>
    public byte[]? ReadFile(string path, int maxBytes)
    {
        using IGuestFile? file = Open(path);
        if (file is null)
        {
            return null;
        }

        if (file.Size > maxBytes)
        {
            throw new ImageFormatException(
                ImageFault.OverLimit, GuestText.Display(path), $"({GrubName})", -1, $"holds {file.Size} bytes; {maxBytes} are the most that are read of it");
        }

        byte[] bytes = new byte[(int)file.Size];
        return bytes[..file.Read(0, bytes)];
    }

    /// <summary>The same, with null for what can't be read as well.</summary>
    public byte[]? ReadFileOrNull(string path, int maxBytes)
    {
        try
        {
            return ReadFile(path, maxBytes);
        }
        catch (ImageFormatException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string>? List(string path)
    {
        using SafeFileHandle? directory = OpenAny(path, Libc.O_RDONLY | Libc.O_DIRECTORY);
        if (directory is null)
        {
            return null;
        }

        // The open directory itself, whatever its path has become.
        List<string> names = [];
        foreach (FileSystemInfo entry in new DirectoryInfo($"/proc/self/fd/{directory.DangerousGetHandle()}").EnumerateFileSystemInfos())
        {
            if (names.Count == MaxListedNames)
            {
                throw new ImageFormatException(ImageFault.OverLimit, GuestText.Display(path), $"({GrubName})", -1, $"more than {MaxListedNames} names");
            }

            names.Add(GuestText.FromBytes(System.Text.Encoding.UTF8.GetBytes(entry.Name)));
        }

        return names;
    }

    /// <summary>Opens a regular file; null where there is none.</summary>
    public IGuestFile? Open(string path)
    {
        if (Stat(path) is not { IsDirectory: false })
        {
            return null; // O_PATH looked first: opening a device may do something.
        }

        SafeFileHandle? file = OpenAny(path, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY);
        if (file is not null && Libc.StatX(file, out FileStatus status) == 0 && (status.Mode & Libc.S_IFMT) == Libc.S_IFREG)
        {
            return new HostFile(GuestText.Display($"({GrubName}){path}"), file, status.Size);
        }

        file?.Dispose();
        return null;
    }

    /// <summary>The path in this volume of a path on the host; null where it isn't below it.</summary>
    public string? PathOf(string hostPath)
    {
        string prefix = _hostPath.TrimEnd('/') + "/";
        return hostPath.StartsWith(prefix, StringComparison.Ordinal) ? Prefix + hostPath[(prefix.Length - 1)..] : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private SafeFileHandle? OpenAny(string path, int flags)
    {
        // GRUB sees the whole filesystem: what a configuration names begins with the part of it that is mounted here.
        if (Prefix.Length > 0 && path.StartsWith(Prefix + "/", StringComparison.Ordinal))
        {
            path = path[Prefix.Length..];
        }

        int descriptor = path.Contains('\0', StringComparison.Ordinal)
            ? -1
            : Libc.OpenAt2(_directory, GuestText.ToBytes(path), flags | Libc.O_CLOEXEC, _resolve);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private sealed class HostFile(string name, SafeFileHandle file, long size) : IGuestFile
    {
        public string Name => name;

        public long Size => size;

        public int Read(long offset, Span<byte> buffer)
        {
            int total = 0;
            while (total < buffer.Length)
            {
                nint count = Libc.PRead(file, buffer[total..], offset + total);
                if (count < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR)
                {
                    continue;
                }

                if (count < 0)
                {
                    throw new SourceReadException(name, offset + total, Marshal.GetLastPInvokeErrorMessage());
                }

                if (count == 0)
                {
                    break;
                }

                total += (int)count;
            }

            return total;
        }

        public void Dispose() => file.Dispose();
    }
}

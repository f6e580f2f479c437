using System.Runtime.InteropServices;
using BlockRbd.Linux;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Output;

/// <summary>Where the answer goes: --output's FIFO or file, or standard output. Opened once, when there is an answer.</summary>
internal static class AnswerOutput
{
    private const uint FileMode = 0x180; // 0600
    private const int StandardOutput = 1;

    /// <summary>Writes the answer.</summary>
    /// <param name="path">The FIFO or file, or null.</param>
    /// <param name="answer">All of it.</param>
    /// <param name="undo">Notes a file that is made here.</param>
    /// <exception cref="ExtractException">It can't be opened or written.</exception>
    public static void Write(string? path, ReadOnlySpan<byte> answer, Undo undo)
    {
        using SafeFileHandle output = path is null ? new(StandardOutput, ownsHandle: false) : Open(path, undo);
        Descriptor.WriteAll(output, path ?? "standard output", answer);
    }

    private static SafeFileHandle Open(string path, Undo undo)
    {
        // Opening a FIFO waits for its reader; a signal or the deadline ends that.
        int descriptor = Libc.Open(path, Libc.O_WRONLY | Libc.O_NOCTTY | Libc.O_CLOEXEC);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == Libc.ENOENT)
        {
            return undo.Do(() => Make(path), _ => File.Delete(path));
        }

        SafeFileHandle output = descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw Descriptor.Failed($"--output {path}");

        // A file's former, longer content must not stand behind the answer. A FIFO or device says EINVAL.
        _ = Libc.FTruncate(output, 0);
        return output;
    }

    private static SafeFileHandle Make(string path)
    {
        using SafeFileHandle here = new(AtCurrentDirectory, ownsHandle: false);
        int descriptor = Libc.OpenAt(here, path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, FileMode);
        return descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw Descriptor.Failed($"--output {path}");
    }

    /// <summary>AT_FDCWD.</summary>
    private const int AtCurrentDirectory = -100;
}

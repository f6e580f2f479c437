using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Kernels;
using BlockRbd.BootExtract.Output;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Confined;

/// <summary>This program once more, as another user, reading the guest for us.</summary>
/// <remarks>
/// With --runas there are two processes, because one can't do both: the uid that reads the guest must not be able to remove the output files
/// again or to open libxl's FIFO. This process opens the disks and makes the files, never looks at a guest's byte, and takes
/// back what it made whatever becomes of the other. The other gets open descriptors and nothing else, and answers through a pipe.
/// Without --runas there is one process: a second one would cost more time than the whole list.
/// </remarks>
internal sealed class ReaderProcess
{
    /// <summary>Marks the second process and names its descriptors: "answer,kernel,ramdisk,disk…". No privilege hangs on it.</summary>
    public const string Variable = "PYGRUB_RBD_READER";

    private const string Self = "/proc/self/exe";

    // All that goes from our environment to the other's. The last is for builds that are not native.
    private static readonly IReadOnlyList<string> Inherited =
        [LimitSettings.FileSizeVariable, LimitSettings.MemoryVariable, LimitSettings.TimeVariable, XenGuestLibrary.Variable, "POSIXLY_CORRECT", "DOTNET_ROOT"];

    private volatile int _pid;

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">The command line, a character for each byte.</param>
    /// <param name="files">The output files, or null where nothing is copied.</param>
    /// <param name="disks">The open disks.</param>
    /// <param name="status">Its exit code.</param>
    /// <returns>Its answer; null where it ended with an error, which it has told.</returns>
    /// <exception cref="ExtractException">It can't be started, or died.</exception>
    public BootAnswer? Run(IReadOnlyList<string> arguments, OutputFiles? files, IReadOnlyList<SafeFileHandle> disks, out int status)
    {
        int[] ends = new int[2];
        if (Libc.Pipe2(ends, Libc.O_CLOEXEC) < 0)
        {
            throw Failed();
        }

        using SafeFileHandle readEnd = new(ends[0], ownsHandle: true);
        SafeFileHandle writeEnd = new(ends[1], ownsHandle: true);
        Start(arguments, [writeEnd, files?.Kernel.Handle, files?.Ramdisk.Handle, .. disks]);
        writeEnd.Dispose(); // so that the other's end is the pipe's end
        byte[] message = ReadToEnd(readEnd);
        status = Wait();
        return status == 0 ? AnswerMessage.Read(message) : null;
    }

    /// <summary>Ends it at once. For a signal's thread.</summary>
    public void Kill()
    {
        if (_pid > 0)
        {
            _ = Libc.Kill(_pid, Libc.SIGKILL);
        }
    }

    private void Start(IReadOnlyList<string> arguments, IReadOnlyList<SafeFileHandle?> passed)
    {
        foreach (SafeFileHandle? handle in passed)
        {
            if (handle is not null && Libc.FCntl(handle, Libc.F_SETFD, 0) < 0) // no longer closed at exec
            {
                throw Failed();
            }
        }

        string numbers = string.Join(',', passed.Select(handle => handle?.DangerousGetHandle() ?? -1));
        List<string> environment = [$"{Variable}={numbers}"];
        environment.AddRange(
            from name in Inherited
            let value = Environment.GetEnvironmentVariable(name)
            where value is not null
            select $"{name}={value}");
        int error = Libc.PosixSpawn(
            Self, [.. arguments.Prepend("pygrub-rbd").Select(GuestText.ToBytes)], [.. environment.Select(Encoding.UTF8.GetBytes)], out int pid);
        _pid = error == 0 ? pid : throw new ExtractException(ExitCode.Internal, $"can't start the process that reads the guest: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static byte[] ReadToEnd(SafeFileHandle pipe)
    {
        using MemoryStream message = new();
        byte[] buffer = new byte[4096];
        while (true)
        {
            nint count = Libc.Read(pipe, buffer);
            if (count > 0 && message.Length + count <= AnswerMessage.MaxBytes)
            {
                message.Write(buffer, 0, (int)count);
            }
            else if (count > 0)
            {
                throw new ExtractException(ExitCode.OverLimit, $"an answer of more than {AnswerMessage.MaxBytes} bytes");
            }
            else if (count == 0)
            {
                return message.ToArray();
            }
            else if (Marshal.GetLastPInvokeError() != Libc.EINTR)
            {
                throw Failed();
            }
        }
    }

    private int Wait()
    {
        int status;
        while (Libc.WaitPid(_pid, out status, options: 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Libc.EINTR)
            {
                throw Failed();
            }
        }

        _pid = 0;
        int signal = status & 0x7F;
        return signal == 0
            ? (status >> 8) & 0xFF
            : throw new ExtractException(
                ExitCode.Internal, string.Create(CultureInfo.InvariantCulture, $"the process that reads the guest was ended by signal {signal}"));
    }

    private static ExtractException Failed() =>
        new(ExitCode.Internal, $"can't run the process that reads the guest: {Marshal.GetLastPInvokeErrorMessage()}");
}

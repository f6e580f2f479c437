using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BlockRbd.BootExtract.Kernels;
using BlockRbd.BootExtract.Menu;
using BlockRbd.BootExtract.Output;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Linux;
using BlockRbd.Linux.Confinement;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Confined;

/// <summary>This program once more, confined, reading the guest for us.</summary>
/// <remarks>
/// There are two processes, because one can't do both: what reads the guest's bytes must not be able to remove the output files
/// again, to open libxl's FIFO, or to reach the cluster. This process opens the disks, makes the files and shows the menu, never looks at a guest's byte, and takes
/// back what it made whatever becomes of the other. The other gets open descriptors and nothing else, and answers through a pipe.
/// </remarks>
internal sealed class ReaderProcess
{
    /// <summary>Marks the second process and gives it its orders (see <see cref="ReaderDescriptors"/>). No privilege hangs on it.</summary>
    public const string Variable = "PYGRUB_RBD_READER";

    private const uint FirstOwnDescriptor = 3;

    // All that goes from our environment to the other's. The last is for builds that are not native.
    private static readonly IReadOnlyList<string> Inherited =
        [LimitSettings.FileSizeVariable, LimitSettings.MemoryVariable, LimitSettings.TimeVariable, "POSIXLY_CORRECT", "DOTNET_ROOT"];

    private volatile int _pid;

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">The command line, a character for each byte.</param>
    /// <param name="user">Whom it becomes; null to stay.</param>
    /// <param name="files">The output files, or null where nothing is copied.</param>
    /// <param name="disks">The open disks.</param>
    /// <param name="menu">The menu that is shown before; null for none.</param>
    /// <param name="status">Its exit code.</param>
    /// <returns>Its answer; null where it ended with an error, which it has told.</returns>
    /// <exception cref="ExtractException">It can't be started, or died.</exception>
    public BootAnswer? Run(
        IReadOnlyList<string> arguments, UserIds? user, OutputFiles? files, IReadOnlyList<BlockSource> disks, MenuSession? menu, out int status)
    {
        byte[] message = Run(arguments, user, files, disks, menu);
        status = Wait();
        return status == 0 ? AnswerMessage.Read(message) : null;
    }

    /// <summary>Runs it where it prints.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="ExtractException">It can't be started, or died.</exception>
    public int Print(IReadOnlyList<string> arguments, UserIds? user, IReadOnlyList<BlockSource> disks)
    {
        _ = Run(arguments, user, files: null, disks, menu: null);
        return Wait();
    }

    private byte[] Run(IReadOnlyList<string> arguments, UserIds? user, OutputFiles? files, IReadOnlyList<BlockSource> disks, MenuSession? menu)
    {
        (SafeFileHandle readEnd, SafeFileHandle writeEnd) = Pipe();
        using SafeFileHandle answers = readEnd;
        (SafeFileHandle? questionsEnd, SafeFileHandle? questions) = menu is null ? (null, null) : Pipe();
        List<BlockServer> servers = [];
        using (questions)
        {
            List<(SafeFileHandle Handle, bool IsServed)> passed = [.. disks.Select(disk => Hand(disk, servers))];
            Start(arguments, user, [writeEnd, questionsEnd, files?.Kernel.Handle, files?.Ramdisk.Handle], passed);
            writeEnd.Dispose(); // so that the other's end is the pipe's end
            questionsEnd?.Dispose();
            servers.ForEach(static server => server.ReaderEnd.Dispose());
            servers.ForEach(static server => server.Start());
            if (menu is not null)
            {
                ShowMenu(menu, questions!, answers);
            }

            byte[] message = ReadToEnd(answers);
            servers.ForEach(static server => server.Finish());
            servers.ForEach(static server => server.Dispose());
            return message;
        }
    }

    private static void ShowMenu(MenuSession menu, SafeFileHandle questions, SafeFileHandle answers)
    {
        MenuClient client = new(questions, answers);
        try
        {
            client.Go(menu.Run(client));
        }
        catch (ReaderGoneException)
        {
            // It has told why, or its exit code will.
        }
    }

    private static (SafeFileHandle Handle, bool IsServed) Hand(BlockSource disk, List<BlockServer> servers)
    {
        if (disk is FileSource file)
        {
            return (file.Handle, false);
        }

        servers.Add(new BlockServer(disk));
        return (servers[^1].ReaderEnd, true);
    }

    /// <summary>Ends it at once. For a signal's thread.</summary>
    public void Kill()
    {
        if (_pid > 0)
        {
            _ = Libc.Kill(_pid, Libc.SIGKILL);
        }
    }

    private static (SafeFileHandle ReadEnd, SafeFileHandle WriteEnd) Pipe()
    {
        int[] ends = new int[2];
        return Libc.Pipe2(ends, Libc.O_CLOEXEC) < 0
            ? throw Failed()
            : (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    private void Start(
        IReadOnlyList<string> arguments, UserIds? user, IReadOnlyList<SafeFileHandle?> fixedOnes, IReadOnlyList<(SafeFileHandle Handle, bool IsServed)> disks)
    {
        // What this process was started with open is none of a guest's business. Where the kernel is older than that, what is ours is closed all the same.
        _ = Libc.CloseRange(FirstOwnDescriptor, uint.MaxValue, Libc.CLOSE_RANGE_CLOEXEC);
        foreach (SafeFileHandle? handle in fixedOnes.Concat(disks.Select(static disk => disk.Handle)))
        {
            if (handle is not null && Libc.FCntl(handle, Libc.F_SETFD, 0) < 0) // no longer closed at exec
            {
                throw Failed();
            }
        }

        List<string> environment = [.. from name in Inherited
                                       let value = Environment.GetEnvironmentVariable(name)
                                       where value is not null
                                       select $"{name}={value}"];
        if (XenGuestLibrary.Installed() is { } version)
        {
            environment.Add($"{XenGuestLibrary.Variable}={version}"); // the other one can't look for it
        }

        List<byte[]> words = [.. arguments.Prepend("pygrub-rbd").Select(Encoding.UTF8.GetBytes)]; // a character for each byte: valid whatever the bytes were
        int error = Cage.StartBehind((layers, program) =>
        {
            environment.Add($"{Variable}={ReaderDescriptors.Format(user, layers, fixedOnes, disks)}");
            int result = Libc.PosixSpawn(program, words, [.. environment.Select(Encoding.UTF8.GetBytes)], out int pid);
            _pid = result == 0 ? pid : 0;
            return result;
        });
        if (error != 0)
        {
            throw new ExtractException(ExitCode.Internal, $"can't start the process that reads the guest: {Marshal.GetPInvokeErrorMessage(error)}");
        }
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
                ExitCode.Internal, string.Create(CultureInfo.InvariantCulture, $"the process that reads the guest was ended by signal {signal}{(signal == Libc.SIGSYS ? ": it asked the kernel for what reading a disk never needs" : "")}"));
    }

    private static ExtractException Failed() =>
        new(ExitCode.Internal, $"can't run the process that reads the guest: {Marshal.GetLastPInvokeErrorMessage()}");
}

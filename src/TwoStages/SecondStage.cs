using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Linux;
using BlockRbd.Linux.Confinement;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.TwoStages;

/// <summary>This program once more, confined, reading the guest for us.</summary>
/// <remarks>
/// There are two processes, because one can't do both: what reads the guest's bytes must not be able to remove the output files
/// again, to open libxl's FIFO, or to reach the cluster. This process opens the disks, makes the files and shows the menu, never looks at a guest's byte, and takes
/// back what it made whatever becomes of the other. The other gets open descriptors and nothing else, and answers through a pipe.
/// </remarks>
/// <param name="program">The program's name, which the other one has too.</param>
/// <param name="variable">The variable that marks the other process and gives it its <see cref="StageOrders"/>. No privilege hangs on it.</param>
public sealed class SecondStage(string program, string variable)
{
    private const uint FirstOwnDescriptor = 3;

    private volatile int _pid;

    /// <summary>Runs it to the end of its answer.</summary>
    /// <param name="arguments">The command line, a character for each byte.</param>
    /// <param name="environment">All of its environment but the orders, "NAME=VALUE".</param>
    /// <param name="user">Whom it becomes; null to stay.</param>
    /// <param name="files">What it finds open besides the answer's pipe and the disks, in the program's own order. They stay open here.</param>
    /// <param name="disks">The open disks.</param>
    /// <param name="answer">Takes the answer from the pipe, to its end. What it returns is returned.</param>
    /// <exception cref="StageException">It can't be started.</exception>
    public T Run<T>(
        IReadOnlyList<string> arguments, IReadOnlyList<string> environment, UserIds? user, IReadOnlyList<SafeFileHandle?> files, IReadOnlyList<BlockSource> disks,
        Func<SafeFileHandle, T> answer)
    {
        (SafeFileHandle readEnd, SafeFileHandle writeEnd) = Pipe();
        using SafeFileHandle answers = readEnd;
        List<BlockServer> servers = [];
        List<(SafeFileHandle Handle, bool IsServed)> passed = [.. disks.Select(disk => Hand(disk, servers))];
        Start(arguments, environment, user, writeEnd, files, passed);
        writeEnd.Dispose(); // so that the other's end is the pipe's end
        servers.ForEach(static server => server.ReaderEnd.Dispose());
        servers.ForEach(static server => server.Start());
        T result = answer(answers);
        servers.ForEach(static server => server.Finish());
        servers.ForEach(static server => server.Dispose());
        return result;
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

    /// <summary>Those variables of this process' environment that are set, "NAME=VALUE".</summary>
    public static List<string> Inherit(IEnumerable<string> names) =>
        [.. from name in names let value = Environment.GetEnvironmentVariable(name) where value is not null select $"{name}={value}"];

    /// <summary>Ends it at once. For a signal's thread.</summary>
    public void Kill()
    {
        if (_pid > 0)
        {
            _ = Libc.Kill(_pid, Libc.SIGKILL);
        }
    }

    /// <summary>Makes a pipe of which nothing is inherited.</summary>
    /// <exception cref="StageException">There is none to be had.</exception>
    public static (SafeFileHandle ReadEnd, SafeFileHandle WriteEnd) Pipe()
    {
        int[] ends = new int[2];
        return Libc.Pipe2(ends, Libc.O_CLOEXEC) < 0
            ? throw Failed()
            : (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    private void Start(
        IReadOnlyList<string> arguments, IReadOnlyList<string> environment, UserIds? user, SafeFileHandle answer, IReadOnlyList<SafeFileHandle?> files,
        IReadOnlyList<(SafeFileHandle Handle, bool IsServed)> disks)
    {
        // What this process was started with open is none of a guest's business. Where the kernel is older than that, what is ours is closed all the same.
        _ = Libc.CloseRange(FirstOwnDescriptor, uint.MaxValue, Libc.CLOSE_RANGE_CLOEXEC);
        foreach (SafeFileHandle? handle in files.Prepend(answer).Concat(disks.Select(static disk => disk.Handle)))
        {
            if (handle is not null && Libc.FCntl(handle, Libc.F_SETFD, 0) < 0) // no longer closed at exec
            {
                throw Failed();
            }
        }

        List<byte[]> words = [.. arguments.Prepend(program).Select(Encoding.UTF8.GetBytes)]; // a character for each byte: valid whatever the bytes were
        int error = Cage.StartBehind((layers, path) =>
        {
            string orders = $"{variable}={StageOrders.Format(user, layers, answer, files, disks)}";
            int result = Libc.PosixSpawn(path, words, [.. environment.Append(orders).Select(Encoding.UTF8.GetBytes)], out int pid);
            _pid = result == 0 ? pid : 0;
            return result;
        });
        if (error != 0)
        {
            throw new StageException(StageFault.Broken, $"can't start the process that reads the guest: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <summary>All that comes out of a pipe.</summary>
    /// <param name="pipe">It.</param>
    /// <param name="maxBytes">More is none of an answer.</param>
    /// <exception cref="StageException">More comes, or it can't be read.</exception>
    public static byte[] ReadToEnd(SafeFileHandle pipe, int maxBytes)
    {
        using MemoryStream message = new();
        byte[] buffer = new byte[4096];
        while (true)
        {
            nint count = Libc.Read(pipe, buffer);
            if (count > 0 && message.Length + count <= maxBytes)
            {
                message.Write(buffer, 0, (int)count);
            }
            else if (count > 0)
            {
                throw new StageException(StageFault.OverLimit, $"an answer of more than {maxBytes} bytes");
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

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="StageException">It was ended by a signal.</exception>
    public int Wait()
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
            : throw new StageException(
                StageFault.Broken, string.Create(CultureInfo.InvariantCulture, $"the process that reads the guest was ended by signal {signal}{(signal == Libc.SIGSYS ? ": it asked the kernel for what reading a disk never needs" : "")}"));
    }

    private static StageException Failed() =>
        new(StageFault.Broken, $"can't run the process that reads the guest: {Marshal.GetLastPInvokeErrorMessage()}");
}

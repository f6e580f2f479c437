using System.Collections;
using System.Runtime.InteropServices;
using System.Text;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Ceph.Mappings;

/// <summary>Runs a program to its end or to a deadline, at which it is killed with all that it started.</summary>
internal static class ChildProcess
{
    private const int MaxText = 64 * 1024;
    private const int PollMilliseconds = 20;

    // A process in the kernel's hands may take a moment to die; longer than this nobody waits for it.
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(1);

    /// <param name="program">Absolute path.</param>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="deadline">When it is killed.</param>
    /// <param name="cancel">When it is killed, too.</param>
    /// <exception cref="CephException">It can't be started.</exception>
    public static ChildResult Run(string program, IReadOnlyList<string> arguments, Deadline deadline, CancellationToken cancel)
    {
        using Pipe output = new();
        using Pipe error = new();
        int result = Libc.PosixSpawnGroup(
            program, [Encoding.UTF8.GetBytes(program), .. arguments.Select(Encoding.UTF8.GetBytes)], Environment(), output.Input, error.Input, out int pid);
        if (result != 0)
        {
            throw new CephException(
                CephFault.Mapping, $"{program} can't be started: {Marshal.GetPInvokeErrorMessage(result)} (Debian and RPM: package ceph-common)", result);
        }

        output.Input.Dispose();
        error.Input.Dispose();
        while (true)
        {
            bool more = output.Drain(Math.Min(PollMilliseconds, deadline.Milliseconds));
            error.Drain(0);
            if (TryReap(pid, out int exitCode))
            {
                // What it wrote last; what it left running may hold the pipes open, and is not waited for.
                output.Drain(0);
                error.Drain(0);
                return new ChildResult(exitCode, output.Text, error.Text);
            }

            if (deadline.IsOver || cancel.IsCancellationRequested)
            {
                Kill(pid);
                error.Drain(0);
                return new ChildResult(null, output.Text, error.Text);
            }

            if (!more)
            {
                deadline.Sleep(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    private static void Kill(int pid)
    {
        _ = Libc.Kill(-pid, Libc.SIGKILL);
        Deadline patience = Deadline.After(KillPatience);
        while (!TryReap(pid, out _) && !patience.IsOver)
        {
            patience.Sleep(TimeSpan.FromMilliseconds(5));
        }
    }

    private static bool TryReap(int pid, out int exitCode)
    {
        int reaped = Libc.WaitPid(pid, out int status, Libc.WNOHANG);
        exitCode = (status & 0x7F) == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F);
        return reaped == pid;
    }

    /// <summary>Ours, without what would tell Ceph's programs something else than the arguments do.</summary>
    private static List<byte[]> Environment()
    {
        List<byte[]> environment = [];
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            if (entry.Key is not ("CEPH_ARGS" or "CEPH_KEYRING"))
            {
                environment.Add(Encoding.UTF8.GetBytes($"{entry.Key}={entry.Value}"));
            }
        }

        return environment;
    }

    private sealed class Pipe : IDisposable
    {
        private readonly SafeFileHandle _end;
        private readonly MemoryStream _bytes = new();
        private bool _ended;

        public Pipe()
        {
            int[] ends = new int[2];
            if (Libc.Pipe2(ends, Libc.O_CLOEXEC | Libc.O_NONBLOCK) != 0)
            {
                throw new CephException(CephFault.Other, $"no pipe: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
            }

            _end = new SafeFileHandle(ends[0], ownsHandle: true);
            Input = new SafeFileHandle(ends[1], ownsHandle: true);
            // Only our end: the child's programs expect theirs to wait.
            _ = Libc.FCntl(Input, Libc.F_SETFL, 0);
        }

        public SafeFileHandle Input { get; }

        public string Text => Encoding.UTF8.GetString(_bytes.ToArray());

        /// <summary>Takes what is there, waiting at most so long for something.</summary>
        /// <returns>Whether more may come.</returns>
        public bool Drain(int milliseconds)
        {
            byte[] buffer = new byte[4096];
            while (!_ended && Libc.Poll(_end, Libc.POLLIN, milliseconds) > 0)
            {
                nint count = Libc.Read(_end, buffer);
                _ended = count == 0;
                if (count <= 0)
                {
                    break;
                }

                // The rest is read too, so that the child can go on, but not kept.
                _bytes.Write(buffer, 0, (int)Math.Min(count, MaxText - _bytes.Length));
                milliseconds = 0;
            }

            return !_ended;
        }

        public void Dispose()
        {
            _end.Dispose();
            Input.Dispose();
        }
    }
}

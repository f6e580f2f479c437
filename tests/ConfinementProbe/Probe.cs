using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BlockRbd.Linux;
using BlockRbd.TwoStages;

namespace BlockRbd.BootExtract.Confined;

/// <summary>What a guest's bytes would do had they taken over the process that reads them. In the test build alone, in place of the reading.</summary>
internal static class Probe
{
    private const nint AtCurrentDirectory = -100;

    // arch/x86/entry/syscalls/syscall_64.tbl
    private const nint Socket = 41, Fork = 57, ExecVe = 59, Kill = 62, PTrace = 101, SetUid = 105, Mount = 165, OpenAt = 257, MkDirAt = 258,
        UnlinkAt = 263, Bpf = 321, Unshare = 272, MMap = 9, IoUringSetup = 425, SetNs = 308, PrLimit = 302, SocketPair = 53, Rename = 82;

    /// <summary>Does one thing, says on standard error what became of it, and ends.</summary>
    /// <param name="attempt">Its name.</param>
    /// <param name="kernel">The kernel's output file.</param>
    public static int Run(string attempt, nint kernel)
    {
        Descriptor.Complain(attempt switch
        {
            "nothing" => "done",
            "read-shadow" => Call(OpenAt, AtCurrentDirectory, Text("/etc/shadow"), 0),
            "read-own-memory" => Call(OpenAt, AtCurrentDirectory, Text("/proc/self/mem"), 2),
            "list-root" => Call(OpenAt, AtCurrentDirectory, Text("/"), 0x10000),
            "write-tmp" => Call(OpenAt, AtCurrentDirectory, Text("/tmp/probe"), 0x41, 0x1FF),
            "write-program" => Call(OpenAt, AtCurrentDirectory, Text(Environment.ProcessPath ?? ""), 1),
            "make-directory" => Call(MkDirAt, AtCurrentDirectory, Text("/probe"), 0x1FF),
            "remove-output" => Call(UnlinkAt, AtCurrentDirectory, Text("/var/run/xen/pygrub"), 0),
            "connect" => Call(Socket, 2, 1, 0),
            "unix-socket" => Call(Socket, 1, 1, 0),
            "netlink" => Call(Socket, 16, 3, 0),
            "socketpair" => Call(SocketPair, 1, 1, 0),
            "fork" => Call(Fork, 0, 0, 0),
            "exec" => Call(ExecVe, Text("/bin/sh"), 0, 0),
            "ptrace-parent" => Call(PTrace, 16, Parent(), 0),
            "signal-parent" => Call(Kill, Parent(), 9, 0),
            "signal-everybody" => Call(Kill, -1, 9, 0),
            "become-root" => Call(SetUid, 0, 0, 0),
            "mount" => Call(Mount, Text("none"), Text("/"), Text("tmpfs")),
            "bpf" => Call(Bpf, 0, 0, 0),
            "unshare" => Call(Unshare, 0x10000000, 0, 0),
            "setns" => Call(SetNs, kernel, 0, 0),
            "io-uring" => Call(IoUringSetup, 1, 0, 0),
            "raise-limits" => Call(PrLimit, 0, Libc.RLIMIT_FSIZE, 0),
            "memory-to-run" => Call(MMap, 0, 4096, 7, 0x22),
            "rename" => Call(Rename, Text("/usr"), Text("/gone"), 0),
            "other-descriptors" => OpenDescriptors(),
            "exhaust-memory" => ExhaustMemory(),
            "fill-output" => FillOutput(kernel),
            "lie" => "", // the answer that its caller writes is none
            "never-end" => Forever(),
            _ => "no such attempt",
        });
        return 0;
    }

    private static nint Parent() => (nint)Libc.Syscall(110, 0, 0, 0, 0); // getppid

    private static nint Text(string text) => Marshal.StringToCoTaskMemUTF8(text);

    private static string Call(nint number, nint a, nint b, nint c, nint d = 0)
    {
        nint result = Libc.Syscall(number, a, b, c, d);
        return result < 0 ? $"refused: {Marshal.GetLastPInvokeErrorMessage()}" : "DONE";
    }

    // All that can be read from, by number.
    private static string OpenDescriptors()
    {
        StringBuilder open = new("open:");
        for (int number = 0; number < 256; number++)
        {
            if (Libc.Syscall(72, number, 1, 0, 0) >= 0) // fcntl(F_GETFD)
            {
                open.Append(CultureInfo.InvariantCulture, $" {number}");
            }
        }

        return open.ToString();
    }

    private static string ExhaustMemory()
    {
        List<byte[]> kept = [];
        try
        {
            while (kept.Count < 64)
            {
                kept.Add(GC.AllocateUninitializedArray<byte>(64 << 20));
                Array.Fill(kept[^1], (byte)1);
            }
        }
        catch (OutOfMemoryException)
        {
            return $"refused: no memory after {kept.Count * 64} MiB";
        }

        return "DONE";
    }

    private static string FillOutput(nint kernel)
    {
        byte[] block = new byte[1 << 20];
        GCHandle pinned = GCHandle.Alloc(block, GCHandleType.Pinned);
        for (long offset = 0; offset < 4L << 30; offset += block.Length)
        {
            if (Libc.Syscall(18, kernel, pinned.AddrOfPinnedObject(), block.Length, (nint)offset) < 0) // pwrite64
            {
                return $"refused: {Marshal.GetLastPInvokeErrorMessage()} at {offset >> 20} MiB";
            }
        }

        return "DONE";
    }

    private static string Forever()
    {
        while (true)
        {
        }
    }
}

using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>pipe2(2).</summary>
    /// <param name="pipefd">Two numbers: the end that is read, then the end that is written.</param>
    /// <param name="flags">O_CLOEXEC, O_NONBLOCK.</param>
    /// <returns>-1 with errno where it fails.</returns>
    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe2([Out, MarshalAs(UnmanagedType.LPArray, SizeConst = 2)] int[] pipefd, int flags);
}

using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>
    /// posix_spawn(3) without file actions and attributes: the child has every descriptor that is not close-on-exec.
    /// Unlike fork(2) it is safe in a process with more than one thread.
    /// </summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Each argument's bytes, the program's name first.</param>
    /// <param name="environment">Each "NAME=value".</param>
    /// <param name="pid">The child.</param>
    /// <returns>0, or the error's number.</returns>
    public static int PosixSpawn(string path, IReadOnlyList<byte[]> arguments, IReadOnlyList<byte[]> environment, out int pid)
    {
        nint[] argv = Pointers(arguments);
        nint[] envp = Pointers(environment);
        try
        {
            return PosixSpawn(out pid, path, 0, 0, argv, envp);
        }
        finally
        {
            Array.ForEach(argv, Marshal.FreeHGlobal);
            Array.ForEach(envp, Marshal.FreeHGlobal);
        }
    }

    private static nint[] Pointers(IReadOnlyList<byte[]> strings)
    {
        nint[] pointers = new nint[strings.Count + 1]; // the last stays null
        for (int i = 0; i < strings.Count; i++)
        {
            pointers[i] = Marshal.AllocHGlobal(strings[i].Length + 1);
            Marshal.Copy(strings[i], 0, pointers[i], strings[i].Length);
            Marshal.WriteByte(pointers[i], strings[i].Length, 0);
        }

        return pointers;
    }

    [LibraryImport(Library, EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PosixSpawn(out int pid, string path, nint fileActions, nint attributes, nint[] argv, nint[] envp);
}

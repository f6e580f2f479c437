using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace BlockRbd.Linux.Tests;

/// <summary>The calls that make and remove names, and that run another process.</summary>
public sealed class ProcessCallTests
{
    [Fact]
    public void A_file_is_made_once_below_an_open_directory_and_removed_again()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Equal(0, Libc.MkDir(path, 0x1C0));
        using SafeFileHandle directory = new(Libc.Open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC), ownsHandle: true);
        const int Exclusive = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
        using (SafeFileHandle file = new(Libc.OpenAt(directory, "f", Exclusive, 0x180), ownsHandle: true))
        {
            Assert.Equal(3, Libc.Write(file, "abc"u8));
            Assert.Equal(0, Libc.FTruncate(file, 2));
        }

        Assert.Equal("ab", File.ReadAllText(Path.Combine(path, "f")));
        Assert.Equal(-1, Libc.OpenAt(directory, "f", Exclusive, 0x180));
        Assert.Equal(Libc.EEXIST, Marshal.GetLastPInvokeError());
        Assert.Equal(0, Libc.UnlinkAt(directory, "f", flags: 0));
        Assert.Equal(0, Libc.RmDir(path));
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void A_child_gets_its_arguments_bytes_its_environment_and_what_is_left_open()
    {
        int[] ends = new int[2];
        Assert.Equal(0, Libc.Pipe2(ends, Libc.O_CLOEXEC));
        using SafeFileHandle read = new(ends[0], ownsHandle: true);
        using (SafeFileHandle write = new(ends[1], ownsHandle: true))
        {
            Assert.Equal(0, Libc.FCntl(write, Libc.F_SETFD, 0));
            byte[][] arguments = [[.. "sh"u8], [.. "-c"u8], [.. Encoding.ASCII.GetBytes($"printf %s \"$1$V\" > /proc/self/fd/{ends[1]}; exit 7")], [.. "sh"u8], [0xE9]];
            Assert.Equal(0, Libc.PosixSpawn("/bin/sh", arguments, [[.. "V=value"u8]], out int pid));
            Assert.Equal(pid, Libc.WaitPid(pid, out int status, options: 0));
            Assert.Equal(7 << 8, status);
        }

        byte[] buffer = new byte[100];
        nint count = Libc.Read(read, buffer);
        Assert.Equal([0xE9, .. "value"u8], buffer[..(int)count]);
        Assert.Equal(0, Libc.Read(read, buffer));
    }

    [Fact]
    public void A_program_that_is_not_there_is_an_error_number()
    {
        Assert.Equal(Libc.ENOENT, Libc.PosixSpawn("/nonexistent", [[.. "x"u8]], [], out _));
    }
}

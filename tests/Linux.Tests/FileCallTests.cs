using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace BlockRbd.Linux.Tests;

/// <summary>The calls that open and read, on files that every Linux has.</summary>
public sealed class FileCallTests
{
    [Fact]
    public void A_file_is_opened_and_read_from_the_middle()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "0123456789");
        using (SafeFileHandle file = new(Libc.Open(path, Libc.O_RDONLY | Libc.O_CLOEXEC), ownsHandle: true))
        {
            byte[] buffer = new byte[4];
            Assert.Equal(4, Libc.PRead(file, buffer, 3));
            Assert.Equal("3456", Encoding.ASCII.GetString(buffer));
            Assert.Equal(2, Libc.PRead(file, buffer, 8));
            Assert.Equal(0, Libc.PRead(file, buffer, 10));
        }

        File.Delete(path);
    }

    [Fact]
    public void Status_tells_kind_and_size()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, new byte[12345]);
        using (SafeFileHandle file = new(Libc.Open(path, Libc.O_RDONLY), ownsHandle: true))
        {
            Assert.Equal(0, Libc.StatX(file, out FileStatus status));
            Assert.Equal((Libc.S_IFREG, 12345L), (status.Mode & Libc.S_IFMT, status.Size));
        }

        File.Delete(path);
    }

    [Fact]
    public void A_call_that_fails_leaves_its_errno()
    {
        Assert.Equal(-1, Libc.Open("/nonexistent", Libc.O_RDONLY));
        Assert.Equal(2, Marshal.GetLastPInvokeError()); // ENOENT
    }

    [Fact]
    public void Nothing_but_a_block_device_has_sectors()
    {
        using SafeFileHandle file = new(Libc.Open("/dev/null", Libc.O_RDONLY), ownsHandle: true);
        Assert.Equal(-1, Libc.Ioctl(file, Libc.BLKSSZGET, out int _));
        Assert.Equal(25, Marshal.GetLastPInvokeError()); // ENOTTY
    }
}

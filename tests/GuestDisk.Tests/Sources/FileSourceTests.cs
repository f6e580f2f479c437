using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Sources;

public sealed class FileSourceTests : IDisposable
{
    private const int Mega = 1 << 20;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<long, int> Ranges => new()
    {
        { 0, 1 }, { 0, 512 }, { 511, 2 }, { 1000, 3000 }, { 16383, 2 }, { 16384, 16384 }, { 16000, 40000 }, { 512, 65536 },
        { 4096, Mega }, { 12345, 2 * Mega }, { 512, (2 * Mega) + 77 }, { (3 * Mega) - 1, 1 }, { (3 * Mega) - 70000, 70000 },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void A_file_gives_the_bytes_that_are_in_it(long offset, int length)
    {
        string path = _scratch.Noise("disk", 3 * Mega);
        using FileSource source = FileSource.Open(path);
        Assert.Equal(File.ReadAllBytes(path).AsSpan((int)offset, length).ToArray(), source.ReadExactly(offset, length));
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void A_block_device_gives_the_bytes_that_are_on_it(long offset, int length)
    {
        string path = _scratch.Noise("disk", 3 * Mega);
        using LoopDevice loop = new(path, length % 2 == 0 ? 512 : 4096);
        using FileSource source = FileSource.Open(loop.Path);
        Assert.Equal(File.ReadAllBytes(path).AsSpan((int)offset, length).ToArray(), source.ReadExactly(offset, length));
        Assert.Equal(3 * Mega, source.Length);
    }

    [Fact]
    public void A_file_may_end_anywhere()
    {
        string path = _scratch.Noise("disk", 100_001);
        using FileSource source = FileSource.Open(path);
        Assert.Equal(100_001, source.Length);
        Assert.Equal(File.ReadAllBytes(path)[^1], source.ReadExactly(100_000, 1)[0]);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void The_sector_size_is_the_devices_own(int sectorSize)
    {
        using LoopDevice loop = new(_scratch.File("disk", Mega), sectorSize);
        using FileSource source = FileSource.Open(loop.Path);
        Assert.Equal(sectorSize, source.SectorSize);
        Assert.True(source.IsBlockDevice);
    }

    [Fact]
    public void A_file_has_sectors_of_512_bytes_unless_it_is_told()
    {
        string path = _scratch.File("disk", Mega);
        using FileSource plain = FileSource.Open(path);
        using FileSource told = FileSource.Open(path, sectorSize: 4096);
        Assert.Equal((512, 4096), (plain.SectorSize, told.SectorSize));
    }

    [Fact]
    public void What_the_guest_wrote_below_the_page_cache_is_seen()
    {
        string path = _scratch.File("disk", Mega);
        using LoopDevice loop = new(path);
        using SafeFileHandle holder = File.OpenHandle(loop.Path, share: FileShare.ReadWrite);
        byte[] cached = new byte[Mega];
        Assert.Equal(Mega, RandomAccess.Read(holder, cached, 0)); // the whole device is in the cache, and somebody keeps it open

        byte[] news = [.. Enumerable.Repeat((byte)0x5A, 4096)];
        using (SafeFileHandle behind = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.Write(behind, news, 65536);
        }

        RandomAccess.Read(holder, cached, 65536);
        Assert.Equal(0, cached[0]); // else this test shows nothing
        using FileSource source = FileSource.Open(loop.Path);
        Assert.Equal(news, source.ReadExactly(65536, 4096));
    }

    [Fact]
    public void Nothing_is_locked_on_a_device()
    {
        using LoopDevice loop = new(_scratch.File("disk", Mega));
        using FileSource source = FileSource.Open(loop.Path);
        Assert.Equal(0, Tool.Run("flock", "--exclusive", "--nonblock", loop.Path, "true").ExitCode);
    }

    [Fact]
    public void A_sector_that_cannot_be_read_is_an_error_with_its_offset()
    {
        string path = _scratch.Noise("disk", 2 * Mega);
        using LoopDevice loop = new(path);
        using FileSource source = FileSource.Open(loop.Path);
        Truncate(path, Mega); // the device keeps its size and answers EIO behind the file's end
        SourceReadException e = Assert.Throws<SourceReadException>(() => source.ReadExactly(Mega + 8192, 512));
        Assert.Equal(Mega + 8192, e.Offset);
        Assert.Equal($"{loop.Path}: can't read at byte {Mega + 8192}: Input/output error", e.Message);
    }

    [Fact]
    public void Sectors_before_a_bad_one_are_read()
    {
        string path = _scratch.Noise("disk", 2 * Mega);
        using LoopDevice loop = new(path);
        using FileSource source = FileSource.Open(loop.Path);
        Truncate(path, Mega + 4096); // the bad sectors begin in the middle of a window
        Assert.Equal(File.ReadAllBytes(path).AsSpan(Mega, 4096).ToArray(), source.ReadExactly(Mega, 4096));
    }

    [Fact]
    public void A_range_behind_the_end_is_an_error_and_no_zeros()
    {
        using FileSource source = FileSource.Open(_scratch.Noise("disk", 5000));
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => source.ReadExactly(4000, 2000));
        Assert.Equal((ImageFault.Truncated, 4000L), (e.Fault, e.Offset));
    }

    [Theory]
    [InlineData(512, 9000)]
    [InlineData(65536, 9216)]
    public void A_file_that_becomes_shorter_is_an_error_with_the_offset_where_it_ends(int length, long offset)
    {
        string path = _scratch.Noise("disk", Mega);
        using FileSource source = FileSource.Open(path);
        Truncate(path, 9216);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => source.ReadExactly(offset, length));
        Assert.Equal((ImageFault.Truncated, 9216L), (e.Fault, e.Offset));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        SourceReadException e = Assert.Throws<SourceReadException>(() => FileSource.Open("/nonexistent/disk"));
        Assert.Equal("/nonexistent/disk: can't open: No such file or directory", e.Message);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/dev/null")]
    public void What_is_no_disk_is_refused(string path)
    {
        SourceReadException e = Assert.Throws<SourceReadException>(() => FileSource.Open(path));
        Assert.Equal($"{path}: can't open: neither a regular file nor a block device", e.Message);
    }

    [Fact]
    public void A_pipe_without_a_writer_does_not_hang_it()
    {
        Tool.Check("mkfifo", _scratch["pipe"]);
        Assert.Throws<SourceReadException>(() => FileSource.Open(_scratch["pipe"]));
    }

    [Fact]
    public void Small_reads_side_by_side_are_one_read_call()
    {
        using FileSource source = FileSource.Open(_scratch.Noise("disk", Mega));
        for (int i = 0; i < 64; i++)
        {
            source.ReadExactly(i * 256, 256);
        }

        Assert.Equal((1L, 16384L), (source.ReadCalls, source.BytesRead));
    }

    [Fact]
    public void A_large_read_is_one_call_and_no_byte_more()
    {
        using FileSource source = FileSource.Open(_scratch.Noise("disk", 2 * Mega));
        source.ReadExactly(1000, Mega);
        Assert.Equal((1L, (long)Mega), (source.ReadCalls, source.BytesRead));
    }

    [Fact]
    public void More_places_than_are_kept_still_read_right()
    {
        string path = _scratch.Noise("disk", 6 * Mega);
        byte[] all = File.ReadAllBytes(path);
        using FileSource source = FileSource.Open(path);
        Random places = new(1);
        for (int i = 0; i < 5000; i++)
        {
            int offset = places.Next(all.Length - 5000);
            int length = places.Next(1, 5000);
            Assert.True(all.AsSpan(offset, length).SequenceEqual(source.ReadExactly(offset, length)), $"{length} bytes at {offset}");
        }
    }

    private static void Truncate(string path, long length)
    {
        using FileStream file = File.OpenWrite(path);
        file.SetLength(length);
    }
}

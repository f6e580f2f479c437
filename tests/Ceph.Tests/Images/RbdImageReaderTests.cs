using System.Security.Cryptography;
using BlockRbd.Ceph.Images;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Ceph.Tests.Images;

public sealed class RbdImageReaderTests : IDisposable
{
    private const int Bytes = (9 << 20) + 4608; // no whole number of objects or chunks

    private readonly CephCluster _cluster = Lab.Connect();
    private readonly CephPool _pool;
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(Bytes);
    private readonly string _name = Lab.NewName("read");
    private readonly string _file = Path.GetTempFileName();

    public RbdImageReaderTests()
    {
        _pool = _cluster.OpenPool("rbd");
        File.WriteAllBytes(_file, _content);
        CephLab.Run($"rbd import --no-progress {_file} rbd/{_name}");
    }

    public void Dispose()
    {
        _pool.Dispose();
        _cluster.Dispose();
        File.Delete(_file);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(65_536)]
    [InlineData(1_000_003)]
    [InlineData(Bytes)]
    public void Reading_in_order_gives_what_was_put_in(int step)
    {
        using RbdImageReader reader = RbdImageReader.Open(_pool, _name, null);
        byte[] read = new byte[Bytes];

        for (int offset = 0; offset < Bytes; offset += step)
        {
            reader.Read(offset, read.AsSpan(offset, Math.Min(step, Bytes - offset)));
        }

        Assert.Equal(Bytes, reader.Length);
        Assert.Equal(SHA256.HashData(_content), SHA256.HashData(read));
    }

    [Fact]
    public void Reading_at_random_gives_what_was_put_in()
    {
        using RbdImageReader reader = RbdImageReader.Open(_pool, _name, null);
        Random random = new(7);
        for (int i = 0; i < 500; i++)
        {
            byte[] read = new byte[random.Next(0, 300_000)];
            int offset = random.Next(0, Bytes - read.Length + 1);

            reader.Read(offset, read);

            Assert.True(_content.AsSpan(offset, read.Length).SequenceEqual(read), $"{read.Length} bytes at {offset}");
        }
    }

    [Fact]
    public void A_snapshot_and_a_clone_are_read_as_well()
    {
        CephLab.Run($"rbd snap create rbd/{_name}@s");
        CephLab.Run($"rbd bench --io-type write --io-size 64K --io-total 1M rbd/{_name}");
        CephLab.Run($"rbd clone --rbd-default-clone-format 2 rbd/{_name}@s rbd/{_name}-clone");
        foreach ((string name, string? snapshot) in (ReadOnlySpan<(string, string?)>)[(_name, "s"), (_name + "-clone", null)])
        {
            using RbdImageReader reader = RbdImageReader.Open(_pool, name, snapshot);
            byte[] read = new byte[Bytes];
            reader.Read(0, read);
            Assert.Equal(SHA256.HashData(_content), SHA256.HashData(read));
        }
    }

    [Fact]
    public void Reading_leaves_neither_watcher_nor_lock_and_a_user_who_may_only_read_can()
    {
        using CephCluster cluster = Lab.Connect("reader");
        using CephPool pool = cluster.OpenPool("rbd");
        using RbdImageReader reader = RbdImageReader.Open(pool, _name, null);
        reader.Read(0, new byte[4096]);

        Assert.Equal("Watchers: none\n", CephLab.Run($"rbd status rbd/{_name}"));
        Assert.Equal("", CephLab.Run($"rbd lock ls rbd/{_name}"));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(Bytes, 1)]
    [InlineData(0, Bytes + 1)]
    [InlineData(long.MaxValue, 1)]
    public void A_range_that_is_not_in_the_image_is_refused(long offset, int length)
    {
        using RbdImageReader reader = RbdImageReader.Open(_pool, _name, null);

        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read(offset, new byte[length]));
    }

    [Fact]
    public void An_image_that_is_not_there_is_named() =>
        Assert.Equal("image rbd/nosuch does not exist", Assert.Throws<CephException>(() => RbdImageReader.Open(_pool, "nosuch", null)).Message);
}

using BlockRbd.Linux;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Xen.Tests;

/// <summary>One daemon for all tests of a class; each test keeps below a node of its own.</summary>
public sealed class Daemon : IDisposable
{
    private int _last;

    public XenStored Real { get; } = new();

    public string NewNode() => "/test/" + Interlocked.Increment(ref _last);

    public XenStore Connect(double seconds = 10) => XenStore.Connect([Real.Socket], Deadline.After(TimeSpan.FromSeconds(seconds)));

    public void Dispose() => Real.Dispose();
}

/// <summary>Against a real xenstored; the real xenstore-* programs say what is in it.</summary>
public sealed class XenStoreTests(Daemon daemon) : IClassFixture<Daemon>
{
    private readonly string _node = daemon.NewNode();

    [Fact]
    public void Reads_what_xenstore_write_wrote()
    {
        daemon.Real.Write((_node, "rbd:vm1,id=xen"));
        using XenStore store = daemon.Connect();
        Assert.Equal("rbd:vm1,id=xen", store.Read(_node));
    }

    [Fact]
    public void Writes_what_xenstore_read_reads()
    {
        using XenStore store = daemon.Connect();
        store.Write(_node + "/hotplug-error", "größer als 4 MiB");
        Assert.Equal(@"gr\xc3\xb6\xc3\x9fer als 4 MiB", daemon.Real.Read(_node + "/hotplug-error")); // xenstore-read shows bytes like that
    }

    [Fact]
    public void Reads_and_writes_an_empty_value()
    {
        using XenStore store = daemon.Connect();
        store.Write(_node, "");
        Assert.Equal("", store.Read(_node));
    }

    [Fact]
    public void A_value_may_fill_the_payload_and_not_one_byte_more()
    {
        using XenStore store = daemon.Connect();
        // XENSTORE_PAYLOAD_MAX counts the path and its NUL as well; the daemon's own quota for an entry is 2048 bytes for guests only.
        string fits = new('x', 4096 - _node.Length - 1);
        store.Write(_node, fits);
        Assert.Equal(fits, store.Read(_node));
        Assert.Equal($"xenstore write {_node}: E2BIG", Assert.Throws<XenStoreException>(() => store.Write(_node, fits + "x")).Message);
        Assert.Equal(fits, store.Read(_node)); // and the connection is still good
    }

    [Fact]
    public void A_missing_node_says_ENOENT()
    {
        using XenStore store = daemon.Connect();
        XenStoreException e = Assert.Throws<XenStoreException>(() => store.Read(_node));
        Assert.Equal($"xenstore read {_node}: ENOENT", e.Message);
        Assert.True(e.IsMissing);
        Assert.Null(store.TryRead(_node));
        Assert.False(store.Exists(_node));
    }

    [Fact]
    public void Removes_nodes_with_all_below_them()
    {
        using XenStore store = daemon.Connect();
        store.Write(_node + "/a/below", "1");
        store.Write(_node + "/b", "1");
        store.Remove(_node + "/a");
        store.Remove(_node + "/a"); // not there any more
        Assert.Equal("b\n", daemon.Real.Tool("xenstore-list", [_node]));
    }

    [Fact]
    public void A_relative_path_is_below_our_own_home()
    {
        daemon.Real.Write(("/local/domain/0/relative-test", "here"));
        using XenStore store = daemon.Connect();
        Assert.Equal("here", store.Read("relative-test"));
    }

    [Fact]
    public void A_transaction_is_seen_by_nobody_until_it_is_through()
    {
        using XenStore store = daemon.Connect();
        using XenStore other = daemon.Connect();
        store.Transact(view =>
        {
            view.Write(_node + "/a", "1");
            Assert.Null(other.TryRead(_node + "/a"));
            Assert.Equal("1", view.Read(_node + "/a"));
        });
        Assert.Equal("1", other.Read(_node + "/a"));
    }

    [Fact]
    public void A_transaction_whose_work_throws_leaves_nothing()
    {
        using XenStore store = daemon.Connect();
        Assert.Throws<InvalidOperationException>(() => store.Transact(view =>
        {
            view.Write(_node + "/a", "1");
            throw new InvalidOperationException();
        }));
        Assert.False(store.Exists(_node));
    }

    [Fact]
    public void A_transaction_that_somebody_disturbed_runs_again()
    {
        daemon.Real.Write((_node, "1"));
        using XenStore store = daemon.Connect();
        int runs = 0;
        store.Transact(view =>
        {
            string seen = view.Read(_node);
            if (runs++ == 0)
            {
                daemon.Real.Write((_node, "2"));
            }

            view.Write(_node, seen + "+");
        });
        Assert.Equal(2, runs);
        Assert.Equal("2+", daemon.Real.Read(_node));
    }

    [Fact]
    public void Counts_of_eight_clients_at_once_are_not_lost()
    {
        daemon.Real.Write((_node, "0"));
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using XenStore store = daemon.Connect(60);
            for (int i = 0; i < 10; i++)
            {
                store.Transact(view => view.Write(_node, $"{int.Parse(view.Read(_node), null) + 1}"));
            }
        });
        Assert.Equal("80", daemon.Real.Read(_node));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a//b")]
    [InlineData("/a/")]
    [InlineData("/a b")]
    [InlineData("/a\0/b")]
    [InlineData("/ä")]
    public void A_path_that_is_none_is_not_sent(string path)
    {
        using XenStore store = daemon.Connect();
        Assert.EndsWith("not a path of xenstore", Assert.Throws<XenStoreException>(() => store.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3072, '/', true)]
    [InlineData(3073, '/', false)]
    [InlineData(2048, 'a', true)]
    [InlineData(2049, 'a', false)]
    public void Paths_end_where_the_protocol_ends_them(int length, char first, bool valid) =>
        Assert.Equal(valid, XenStorePath.IsValid(first + new string('a', length - 1)));
}

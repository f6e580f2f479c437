using System.Diagnostics;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Ceph.Tests;

/// <summary>Who has an image open, and putting him out: what a person's unlock shows and does.</summary>
public sealed class FencingTests
{
    [Fact]
    public void A_client_that_has_an_image_open_is_seen_and_can_be_fenced()
    {
        string name = Lab.NewImage("watched");
        using CephCluster cluster = Lab.Connect("xen");
        using CephPool pool = cluster.OpenPool("rbd");
        string id = ImageLookup.TryFindId(pool, name)!;
        Assert.Empty(ImageWatchers.List(pool, id, name));
        using Process writer = StartWriter(name);
        try
        {
            ImageWatcher watcher = Wait(() => ImageWatchers.List(pool, id, name).SingleOrDefault());
            Assert.Equal("127.0.0.1", watcher.Host);
            Assert.Contains(watcher.Address, CephLab.Run($"rbd status rbd/{name}"), StringComparison.Ordinal);

            CephBlocklist.Add(cluster, watcher.Address, TimeSpan.FromMinutes(5));

            Assert.Contains(CephBlocklist.List(cluster), entry => entry.Address == watcher.Address);
            Assert.Contains(watcher.Address, CephLab.Run("ceph osd blocklist ls"), StringComparison.Ordinal);
        }
        finally
        {
            writer.Kill();
            writer.WaitForExit();
        }
    }

    [Fact]
    public void A_lock_in_this_hosts_name_is_not_taken_over_while_another_host_has_the_image_open()
    {
        string name = Lab.NewImage("twin");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        Lab.Attach(pool, name, Lab.Request(Lab.Holder(boot: "b0")));
        ImageInfo image = ImageLookup.Find(pool, name, null, readOnly: false);

        CephException e = Assert.Throws<CephException>(
            () => StaleLock.RequireUnused(image, image.Lock.Lockers, [new ImageWatcher("10.1.2.3:0/77", 5)], "v1:10.1.2.4:0/8"));

        Assert.Contains("but 10.1.2.3:0/77 has it open", e.Message, StringComparison.Ordinal);
        StaleLock.RequireUnused(image, image.Lock.Lockers, [new ImageWatcher("10.1.2.4:0/77", 5)], "v1:10.1.2.4:0/8");
        StaleLock.RequireUnused(image, image.Lock.Lockers, [], "v1:10.1.2.4:0/8");
    }

    [Theory]
    [InlineData("10.0.0.1:0/1\", \"x")]
    [InlineData("10.0.0.1\n")]
    [InlineData("{}")]
    public void What_is_no_address_does_not_become_a_command(string address)
    {
        using CephCluster cluster = Lab.Connect();

        Assert.Equal(CephFault.Malformed, Assert.Throws<CephException>(() => CephBlocklist.Add(cluster, address, TimeSpan.FromSeconds(1))).Fault);
    }

    [Fact]
    public void All_images_of_a_pool_are_listed_with_their_ids()
    {
        string[] names = [.. Enumerable.Range(0, 3).Select(static _ => Lab.NewImage("listed", "other", "--size 1M"))];
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("other");

        Dictionary<string, string> images = new(PoolImages.List(pool), StringComparer.Ordinal);

        Assert.All(names, name => Assert.Equal(ImageLookup.TryFindId(pool, name), images[name]));
    }

    private static Process StartWriter(string name)
    {
        ProcessStartInfo start = new(CephLab.Program("rbd"), ["bench", "--io-type", "write", "--io-threads", "1", "--io-size", "4096", "--io-total", "10G", $"rbd/{name}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach ((string key, string value) in CephLab.Environment)
        {
            start.Environment[key] = value;
        }

        Process process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static T Wait<T>(Func<T?> ask)
        where T : class
    {
        for (int i = 0; i < 200; i++)
        {
            if (ask() is { } answer)
            {
                return answer;
            }

            Thread.Sleep(50);
        }

        throw new TimeoutException();
    }
}

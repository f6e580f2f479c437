using System.Diagnostics;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Targets;
using BlockRbd.Linux;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Ceph.Tests;

public sealed class ConnectTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("connect-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_connection_knows_its_cluster_and_itself()
    {
        using CephCluster cluster = Lab.Connect("xen");

        Assert.Equal(CephLab.Run("ceph fsid").Trim(), cluster.Fsid.ToString());
        Assert.Equal("client.xen", cluster.User);
    }

    [Fact]
    public void A_configuration_that_is_not_there_is_named() => Refused(
        CephFault.Configuration, new TargetOptions { Conf = "/nonexistent/ceph.conf" },
        "Ceph's configuration /nonexistent/ceph.conf is not there: copy it from the cluster, or give another conf=");

    [Fact]
    public void Without_a_configuration_in_the_target_the_clusters_own_place_is_meant_and_no_folder_of_whoever_calls() => Refused(
        CephFault.Configuration, new TargetOptions { Cluster = "nosuch" },
        "Ceph's configuration /etc/ceph/nosuch.conf is not there: copy it from the cluster, or give another conf=");

    [Fact]
    public void A_configuration_without_monitors_is_named() => Refused(
        CephFault.Configuration, new TargetOptions { Conf = WriteFile("empty.conf", "[global]\n") }, $"{_folder}/empty.conf names no monitors (mon_host)");

    [Fact]
    public void A_missing_keyring_is_named() => Refused(
        CephFault.Authentication, Lab.Options() with { Keyring = "/nonexistent/keyring" },
        "there is no keyring for client.admin: none of /nonexistent/keyring exists ('ceph auth get client.admin -o FILE' makes one)");

    [Fact]
    public void A_user_whom_the_cluster_does_not_know_is_refused()
    {
        string keyring = WriteFile("keyring", "[client.ghost]\nkey = AQBjXGdlAAAAABAAm4v9OyKqtU0yXr0v7nH0Tw==\n");

        Refused(
            CephFault.Authentication, Lab.Options("ghost") with { Keyring = keyring },
            $"the monitors refuse client.ghost: its key in {keyring} is wrong or missing, or there is no such user ('ceph auth get client.ghost' shows the right key)");
    }

    [Fact]
    public void A_key_that_is_none_is_said_to_be_the_trouble()
    {
        string keyring = WriteFile("keyring", "[client.xen]\nkey = AQBhbHNjaGVyIHNjaGx1ZXNzZWwgZGVyIGtlaW5lciBpc3Q=\n");

        Refused(
            CephFault.Authentication, Lab.Options("xen") with { Keyring = keyring },
            $"the keyring of client.xen can't be used: what {keyring} has as its key is none ('ceph auth get client.xen' shows the right one)");
    }

    [Fact]
    public void A_wrong_key_is_refused()
    {
        string keyring = WriteFile("keyring", "[client.xen]\nkey = AQBjXGdlAAAAABAAm4v9OyKqtU0yXr0v7nH0Tw==\n");

        Refused(
            CephFault.Authentication, Lab.Options("xen") with { Keyring = keyring },
            $"the monitors refuse client.xen: its key in {keyring} is wrong or missing, or there is no such user ('ceph auth get client.xen' shows the right key)");
    }

    [Fact]
    public void A_user_without_caps_is_told_which()
    {
        string name = Lab.NewImage("caps");
        using CephCluster cluster = Lab.Connect("nocaps");
        using CephPool pool = cluster.OpenPool("rbd");

        CephException e = Assert.Throws<CephException>(() => ImageLookup.Find(pool, name, null, readOnly: false));

        Assert.Equal(CephFault.NotPermitted, e.Fault);
        Assert.Equal(
            $"client.nocaps may not do this: reading the id of image rbd/{name} ('ceph auth get client.nocaps' shows its caps; 'profile rbd' for mon and osd is what is needed)",
            e.Message);
    }

    [Fact]
    public void A_user_who_may_only_read_finds_but_cannot_lock()
    {
        string name = Lab.NewImage("caps");
        using CephCluster cluster = Lab.Connect("reader");
        using CephPool pool = cluster.OpenPool("rbd");

        CephException e = Assert.Throws<CephException>(() => Lab.Attach(pool, name, Lab.Request(Lab.Holder(write: false))));

        Assert.Equal(CephFault.NotPermitted, e.Fault);
    }

    [Fact]
    public void Profile_rbd_is_enough()
    {
        string name = Lab.NewImage("caps");
        using CephCluster cluster = Lab.Connect("xen");
        using CephPool pool = cluster.OpenPool("rbd");

        Assert.NotEmpty(Lab.Attach(pool, name, Lab.Request(Lab.Holder())));
    }

    [Fact]
    public void Monitors_that_do_not_answer_end_at_the_deadline()
    {
        string conf = WriteFile("gone.conf", File.ReadAllText(CephLab.Conf).Replace("mon host = ", "mon host = [v2:127.0.0.1:9,v1:127.0.0.1:10] #", StringComparison.Ordinal));
        Stopwatch watch = Stopwatch.StartNew();

        CephException e = Assert.Throws<CephException>(
            () => CephCluster.Connect(new TargetOptions { Conf = conf, Keyring = Path.Combine(CephLab.Folder, "keyring") }, Deadline.After(TimeSpan.FromSeconds(2))));

        Assert.Equal((CephFault.Timeout, "no monitor answered in time: tried [v2:127.0.0.1:9,v1:127.0.0.1:10]"), (e.Fault, e.Message));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.5, 4);
    }

    [Fact]
    public void A_setting_that_ceph_refuses_is_named() => Refused(
        CephFault.Configuration, Lab.Options() with { ClientSettings = [new("no_such_setting", "1")] }, "Ceph refuses the setting no_such_setting='1'");

    [Fact]
    public void A_host_without_the_libraries_is_told_what_to_install() => Assert.Equal(
        "libnosuch.so.9 can't be loaded: install Ceph's client libraries (Debian: librados2 librbd1; RPM: librados2 librbd1)",
        Assert.Throws<CephException>(() => CephCluster.RequireLibrary("libnosuch.so.9")).Message);

    private static void Refused(CephFault fault, TargetOptions options, string message)
    {
        CephLab.Run("rbd ls"); // the libraries are there and the cluster is up
        CephException e = Assert.Throws<CephException>(() => CephCluster.Connect(options, Deadline.After(TimeSpan.FromSeconds(10))).Dispose());
        Assert.Equal((fault, message), (e.Fault, e.Message));
    }

    private string WriteFile(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}

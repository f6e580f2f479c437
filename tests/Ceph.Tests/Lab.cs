using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using BlockRbd.Ceph.Targets;
using BlockRbd.Linux;
using BlockRbd.Testing;

namespace BlockRbd.Ceph.Tests;

/// <summary>The real cluster as tests of this library use it.</summary>
internal static class Lab
{
    private static int _number;

    static Lab() => CephLab.LoadLibraries();

    /// <summary>What the tests expect doesn't depend on the shell that they are started from.</summary>
    [ModuleInitializer]
    internal static void ForgetTheCallersCluster() => Environment.SetEnvironmentVariable("CEPH_CONF", null);

    public static TargetOptions Options(string? id = null) => new() { Conf = CephLab.Conf, Id = id };

    public static CephCluster Connect(string? id = null, int seconds = 20) =>
        CephCluster.Connect(Options(id), Deadline.After(TimeSpan.FromSeconds(seconds)));

    /// <summary>A name that no other test has.</summary>
    public static string NewName(string what) => what + Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);

    /// <summary>A new image, its name.</summary>
    public static string NewImage(string what, string pool = "rbd", string options = "--size 8M")
    {
        string name = NewName(what);
        CephLab.Run($"rbd create {options} {pool}/{name}");
        return name;
    }

    public static AttachHolder Holder(
        string host = "h1", string boot = "b1", int domain = 1, Guid? machine = null, string vdev = "xvda", bool write = true, string? path = null) => new()
        {
            Host = host, HostId = "id-" + host, BootId = boot, Domain = $"vm{domain}", DomainId = domain, Machine = machine ?? Machine(1), Vdev = vdev,
            XenbusPath = path ?? $"backend/vbd/{domain}/{vdev}", IsWriter = write, Since = DateTimeOffset.UnixEpoch,
        };

    public static Guid Machine(int number) => new(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static AttachRequest Request(AttachHolder holder, bool incoming = false, bool share = false) => new(holder, incoming, share);

    /// <summary>How many operations of clients the OSD has done.</summary>
    public static long Operations()
    {
        using JsonDocument dump = JsonDocument.Parse(CephLab.Run($"ceph daemon {CephLab.Folder}/run/osd.0.asok perf dump"));
        return dump.RootElement.GetProperty("osd").GetProperty("op").GetInt64();
    }

    /// <summary>Finds an image and takes its lock.</summary>
    public static string Attach(CephPool pool, string image, AttachRequest request, Action<string>? log = null)
    {
        ImageInfo info = ImageLookup.Find(pool, image, null, readOnly: !request.Holder.IsWriter);
        string cookie = AttachLock.NewCookie(request.Holder);
        AttachLock.Take(pool, info, request, cookie, log ?? (static _ => { }));
        return cookie;
    }
}

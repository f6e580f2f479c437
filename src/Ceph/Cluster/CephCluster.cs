using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BlockRbd.Ceph.Native;
using BlockRbd.Ceph.Targets;
using BlockRbd.Linux;

namespace BlockRbd.Ceph;

/// <summary>A connection to a cluster. Every call on it ends by the <see cref="Deadline"/>, whatever the cluster does.</summary>
public sealed class CephCluster : IDisposable
{
    private readonly RadosHandle _handle;
    private int _osdTimeout;

    private CephCluster(RadosHandle handle, string user, Deadline deadline)
    {
        _handle = handle;
        User = user;
        Deadline = deadline;
    }

    /// <summary>The user: "client.xen".</summary>
    public string User { get; }

    /// <summary>When calls must have ended. Cleaning up may set a later one.</summary>
    public Deadline Deadline { get; set; }

    /// <summary>The cluster's identity.</summary>
    public Guid Fsid { get; private set; }

    internal RadosHandle Handle => _handle;

    /// <summary>Connects and logs in.</summary>
    /// <param name="options">Of these: id, conf, cluster, keyring and the client's settings.</param>
    /// <param name="deadline">For this and all that follows.</param>
    /// <exception cref="CephException">It can't be.</exception>
    public static CephCluster Connect(TargetOptions options, Deadline deadline)
    {
        CephCluster cluster = Create(options, deadline);
        try
        {
            cluster.Configure(options);
            int connected = Rados.Connect(cluster.Handle);
            if (connected < 0)
            {
                throw ConnectFailure.Of(connected, cluster, options);
            }

            cluster.Identify();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>The identity that the cluster's configuration states, without asking the cluster; null where it states none.</summary>
    /// <param name="options">As for <see cref="Connect"/>.</param>
    /// <exception cref="CephException">The configuration can't be used.</exception>
    public static Guid? ConfiguredFsid(TargetOptions options)
    {
        using CephCluster cluster = Create(options, default);
        cluster.Configure(options);
        return Guid.TryParse(cluster.Setting("fsid"), out Guid fsid) && fsid != Guid.Empty ? fsid : null;
    }

    /// <summary>A pool, or a namespace of it.</summary>
    /// <param name="pool">Its name.</param>
    /// <param name="name">The namespace; empty is the default one.</param>
    /// <param name="id">Its number where that is known: then it is the pool of that number, whatever it is called now.</param>
    /// <exception cref="CephException">It doesn't exist.</exception>
    public CephPool OpenPool(string pool, string name = "", long? id = null)
    {
        Bound();
        int result = id is { } known
            ? Rados.IoCtxCreate2(_handle, known, out IoContextHandle context)
            : Rados.IoCtxCreate(_handle, pool, out context);
        if (result < 0)
        {
            context.Dispose();
            throw -result == CephErrno.ENOENT
                ? new CephException(CephFault.NotFound, $"pool {pool} does not exist in cluster {Fsid} ('ceph osd pool ls' shows those that do)", -result)
                : CephFailure.Of(result, User, $"opening pool {pool}");
        }

        if (name.Length > 0)
        {
            Rados.IoCtxSetNamespace(context, name);
        }

        return new CephPool(this, context, pool, name);
    }

    /// <summary>This connection's own addresses, as watchers and lock holders show them: "127.0.0.1:0/123".</summary>
    public string Addresses()
    {
        int result = Rados.GetAddrs(_handle, out nint addresses);
        if (result < 0)
        {
            throw CephFailure.Of(result, User, "asking for the own address");
        }

        string text = Marshal.PtrToStringUTF8(addresses) ?? "";
        Rados.BufferFree(addresses);
        return text;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <summary>
    /// The configuration that is read. Ceph's own search also looks below the home and into the current folder, which for a program that root
    /// runs from anywhere may be anybody's.
    /// </summary>
    internal static string ConfigurationPath(TargetOptions options) =>
        options.Conf ?? Environment.GetEnvironmentVariable("CEPH_CONF") ?? $"/etc/ceph/{options.Cluster ?? "ceph"}.conf";

    internal static void RequireLibrary(string library)
    {
        if (!NativeLibrary.TryLoad(library, typeof(CephCluster).Assembly, DllImportSearchPath.SafeDirectories, out _))
        {
            throw CephFailure.NoLibrary(library);
        }
    }

    private static CephCluster Create(TargetOptions options, Deadline deadline)
    {
        RequireLibrary(Rados.Library);
        string user = "client." + (options.Id ?? "admin");
        int created = Rados.Create2(out RadosHandle handle, options.Cluster ?? "ceph", user, 0);
        return created == 0 ? new CephCluster(handle, user, deadline) : throw CephFailure.Of(created, user, "starting librados");
    }

    /// <summary>Sets the time-out of the operations that follow by what is left.</summary>
    internal void Bound()
    {
        int seconds = WholeSeconds();
        // Taken up at once by the running client; asking for it on every call would cost as much as a short operation does.
        if (seconds != _osdTimeout)
        {
            Set("rados_osd_op_timeout", Number(seconds));
            Set("rados_mon_op_timeout", Number(seconds));
            _osdTimeout = seconds;
        }
    }

    /// <summary>A setting's value; empty where it has none.</summary>
    internal string Setting(string name)
    {
        byte[] value = new byte[4096];
        return Rados.ConfGet(_handle, name, value, (nuint)value.Length) == 0 ? Text(value) : "";
    }

    internal static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <remarks>Ceph takes whole seconds in these settings, and 0 for "no limit".</remarks>
    private int WholeSeconds() => Math.Max(1, (int)Deadline.Remaining.TotalSeconds);

    private void Configure(TargetOptions options)
    {
        string conf = ConfigurationPath(options);
        int read = Rados.ConfReadFile(_handle, conf);
        // Without a file the settings of a QEMU target may be enough.
        if (read < 0 && !(options.Conf is null && options.ClientSettings.Count > 0))
        {
            throw new CephException(
                CephFault.Configuration,
                File.Exists(conf)
                    ? $"Ceph's configuration {conf} can't be read or understood"
                    : $"Ceph's configuration {conf} is not there: copy it from the cluster, or give another conf=",
                -read);
        }

        foreach ((string name, string value) in options.ClientSettings)
        {
            Set(name, value);
        }

        if (options.Keyring is { } keyring)
        {
            Set("keyring", keyring);
        }

        // Errors come back as numbers and are said once, by the program.
        Set("log_to_stderr", "false");
        Set("err_to_stderr", "false");
        // One attach lives for a second: no socket for administrators, no more threads than it needs.
        Set("admin_socket", "");
        Set("ms_async_op_threads", "1");
        // The other two time-outs don't bound the connection (measured), this one does.
        Set("client_mount_timeout", Number(WholeSeconds()));
        Bound();
    }

    private void Set(string name, string value)
    {
        int result = Rados.ConfSet(_handle, name, value);
        if (result < 0)
        {
            throw new CephException(CephFault.Configuration, $"Ceph refuses the setting {name}={TargetText.Quote(value)}", -result);
        }
    }

    private void Identify()
    {
        byte[] fsid = new byte[64];
        int length = Rados.ClusterFsid(_handle, fsid, (nuint)fsid.Length);
        Fsid = length > 0 && Guid.TryParse(Text(fsid), out Guid id)
            ? id
            : throw new CephException(CephFault.Malformed, "the cluster has no fsid", Math.Max(0, -length));
    }
}

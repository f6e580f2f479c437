using System.Runtime.InteropServices;

namespace BlockRbd.Ceph.Native;

/// <summary>A rados_t, connected or not.</summary>
internal sealed class RadosHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Rados.Shutdown(handle);
        return true;
    }
}

internal static partial class Rados
{
    [LibraryImport(Library, EntryPoint = "rados_create2", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Create2(out RadosHandle cluster, string clusterName, string name, ulong flags);

    [LibraryImport(Library, EntryPoint = "rados_conf_read_file", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ConfReadFile(RadosHandle cluster, string path);

    [LibraryImport(Library, EntryPoint = "rados_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ConfSet(RadosHandle cluster, string option, string value);

    [LibraryImport(Library, EntryPoint = "rados_conf_get", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ConfGet(RadosHandle cluster, string option, Span<byte> buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "rados_connect")]
    internal static partial int Connect(RadosHandle cluster);

    [LibraryImport(Library, EntryPoint = "rados_cluster_fsid")]
    internal static partial int ClusterFsid(RadosHandle cluster, Span<byte> buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "rados_getaddrs")]
    internal static partial int GetAddrs(RadosHandle cluster, out nint addresses);

    [LibraryImport(Library, EntryPoint = "rados_buffer_free")]
    internal static partial void BufferFree(nint buffer);

    [LibraryImport(Library, EntryPoint = "rados_mon_command", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MonCommand(
        RadosHandle cluster, string[] command, nuint commandLength, ReadOnlySpan<byte> input, nuint inputLength,
        out nint output, out nuint outputLength, out nint status, out nuint statusLength);

    [LibraryImport(Library, EntryPoint = "rados_wait_for_latest_osdmap")]
    internal static partial int WaitForLatestOsdMap(RadosHandle cluster);

    /// <summary>Raw, for <see cref="RadosHandle"/>'s release only.</summary>
    [LibraryImport(Library, EntryPoint = "rados_shutdown")]
    internal static partial void Shutdown(nint cluster);
}

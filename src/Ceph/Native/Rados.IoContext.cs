using System.Runtime.InteropServices;

namespace BlockRbd.Ceph.Native;

/// <summary>A rados_ioctx_t: a pool and a namespace of it. Its connection must outlive it.</summary>
internal sealed class IoContextHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Rados.IoCtxDestroy(handle);
        return true;
    }
}

internal static partial class Rados
{
    [LibraryImport(Library, EntryPoint = "rados_ioctx_create", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int IoCtxCreate(RadosHandle cluster, string pool, out IoContextHandle context);

    [LibraryImport(Library, EntryPoint = "rados_ioctx_create2")]
    internal static partial int IoCtxCreate2(RadosHandle cluster, long poolId, out IoContextHandle context);

    [LibraryImport(Library, EntryPoint = "rados_ioctx_set_namespace", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void IoCtxSetNamespace(IoContextHandle context, string name);

    [LibraryImport(Library, EntryPoint = "rados_ioctx_get_id")]
    internal static partial long IoCtxGetId(IoContextHandle context);

    /// <summary>Raw, for <see cref="IoContextHandle"/>'s release only.</summary>
    [LibraryImport(Library, EntryPoint = "rados_ioctx_destroy")]
    internal static partial void IoCtxDestroy(nint context);
}

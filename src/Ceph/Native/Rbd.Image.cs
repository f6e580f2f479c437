using System.Runtime.InteropServices;

namespace BlockRbd.Ceph.Native;

/// <summary>An open rbd_image_t. Its pool must outlive it.</summary>
internal sealed class RbdImageHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Rbd.Close(handle) == 0;
}

internal static partial class Rbd
{
    [LibraryImport(Library, EntryPoint = "rbd_open_read_only", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OpenReadOnly(IoContextHandle context, string name, out RbdImageHandle image, string? snapshot);

    [LibraryImport(Library, EntryPoint = "rbd_open_by_id_read_only", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OpenByIdReadOnly(IoContextHandle context, string id, out RbdImageHandle image, string? snapshot);

    [LibraryImport(Library, EntryPoint = "rbd_get_size")]
    internal static partial int GetSize(RbdImageHandle image, out ulong size);

    /// <summary>Entries are rbd_image_watcher_t: char* addr, int64_t id, uint64_t cookie.</summary>
    [LibraryImport(Library, EntryPoint = "rbd_watchers_list")]
    internal static partial int WatchersList(RbdImageHandle image, nint watchers, ref nuint count);

    [LibraryImport(Library, EntryPoint = "rbd_watchers_list_cleanup")]
    internal static partial void WatchersListCleanup(nint watchers, nuint count);

    /// <summary>Raw, for <see cref="RbdImageHandle"/>'s release only.</summary>
    [LibraryImport(Library, EntryPoint = "rbd_close")]
    internal static partial int Close(nint image);
}

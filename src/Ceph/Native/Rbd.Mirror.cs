using System.Runtime.InteropServices;

namespace BlockRbd.Ceph.Native;

internal static partial class Rbd
{
    /// <remarks>Fills an rbd_mirror_image_info_t: char* global_id, int state (1 is enabled), bool primary.</remarks>
    [LibraryImport(Library, EntryPoint = "rbd_mirror_image_get_info")]
    internal static partial int MirrorImageGetInfo(RbdImageHandle image, nint info, nuint length);

    [LibraryImport(Library, EntryPoint = "rbd_mirror_image_get_info_cleanup")]
    internal static partial void MirrorImageGetInfoCleanup(nint info);
}

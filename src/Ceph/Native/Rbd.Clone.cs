using System.Runtime.InteropServices;

namespace BlockRbd.Ceph.Native;

/// <summary>An rbd_image_options_t.</summary>
internal sealed class RbdOptionsHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Rbd.ImageOptionsDestroy(handle);
        return true;
    }
}

internal static partial class Rbd
{
    internal const int RBD_IMAGE_OPTION_CLONE_FORMAT = 12;

    [LibraryImport(Library, EntryPoint = "rbd_image_options_create")]
    internal static partial void ImageOptionsCreate(out RbdOptionsHandle options);

    [LibraryImport(Library, EntryPoint = "rbd_image_options_set_uint64")]
    internal static partial int ImageOptionsSetUInt64(RbdOptionsHandle options, int option, ulong value);

    [LibraryImport(Library, EntryPoint = "rbd_clone3", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Clone3(
        IoContextHandle parentContext, string parent, string snapshot, IoContextHandle childContext, string child, RbdOptionsHandle options);

    [LibraryImport(Library, EntryPoint = "rbd_rename", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rename(IoContextHandle context, string source, string destination);

    [LibraryImport(Library, EntryPoint = "rbd_remove", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Remove(IoContextHandle context, string name);

    /// <summary>Raw, for <see cref="RbdOptionsHandle"/>'s release only.</summary>
    [LibraryImport(Library, EntryPoint = "rbd_image_options_destroy")]
    internal static partial void ImageOptionsDestroy(nint options);
}

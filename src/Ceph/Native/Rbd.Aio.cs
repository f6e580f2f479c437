using System.Runtime.InteropServices;

namespace BlockRbd.Ceph.Native;

/// <summary>An rbd_completion_t.</summary>
internal sealed class RbdCompletionHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Rbd.AioRelease(handle);
        return true;
    }
}

internal static partial class Rbd
{
    [LibraryImport(Library, EntryPoint = "rbd_aio_create_completion")]
    internal static partial int AioCreateCompletion(nint argument, nint callback, out RbdCompletionHandle completion);

    /// <remarks>The buffer stays where it is until the completion is complete.</remarks>
    [LibraryImport(Library, EntryPoint = "rbd_aio_read")]
    internal static partial int AioRead(RbdImageHandle image, ulong offset, nuint length, nint buffer, RbdCompletionHandle completion);

    [LibraryImport(Library, EntryPoint = "rbd_aio_wait_for_complete")]
    internal static partial int AioWaitForComplete(RbdCompletionHandle completion);

    [LibraryImport(Library, EntryPoint = "rbd_aio_get_return_value")]
    internal static partial nint AioGetReturnValue(RbdCompletionHandle completion);

    /// <summary>Raw, for <see cref="RbdCompletionHandle"/>'s release only.</summary>
    [LibraryImport(Library, EntryPoint = "rbd_aio_release")]
    internal static partial void AioRelease(nint completion);
}

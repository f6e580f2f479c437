using System.Runtime.InteropServices;

namespace BlockRbd.Ceph.Native;

/// <summary>A rados_read_op_t: steps that run as one operation on one object.</summary>
internal sealed class ReadOpHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Rados.ReleaseReadOp(handle);
        return true;
    }
}

/// <remarks>Addresses (nint) given to a step are written to when the operation runs, and must stay where they are until then.</remarks>
internal static partial class Rados
{
    /// <summary>The step before may fail without ending the operation.</summary>
    internal const int LIBRADOS_OP_FLAG_FAILOK = 0x2;

    [LibraryImport(Library, EntryPoint = "rados_create_read_op")]
    internal static partial ReadOpHandle CreateReadOp();

    [LibraryImport(Library, EntryPoint = "rados_read_op_set_flags")]
    internal static partial void ReadOpSetFlags(ReadOpHandle operation, int flags);

    [LibraryImport(Library, EntryPoint = "rados_read_op_read")]
    internal static partial void ReadOpRead(ReadOpHandle operation, ulong offset, nuint length, nint buffer, nint bytesRead, nint result);

    [LibraryImport(Library, EntryPoint = "rados_read_op_exec_user_buf", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void ReadOpExec(
        ReadOpHandle operation, string @class, string method, ReadOnlySpan<byte> input, nuint inputLength,
        nint output, nuint outputLength, nint usedLength, nint result);

    [LibraryImport(Library, EntryPoint = "rados_read_op_getxattrs")]
    internal static partial void ReadOpGetXAttrs(ReadOpHandle operation, nint iterator, nint result);

    [LibraryImport(Library, EntryPoint = "rados_read_op_omap_get_vals2", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void ReadOpOMapGetVals(
        ReadOpHandle operation, string startAfter, string prefix, ulong maximum, nint iterator, nint more, nint result);

    [LibraryImport(Library, EntryPoint = "rados_read_op_operate", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ReadOpOperate(ReadOpHandle operation, IoContextHandle context, string objectName, int flags);

    [LibraryImport(Library, EntryPoint = "rados_getxattrs_next")]
    internal static partial int GetXAttrsNext(nint iterator, out nint name, out nint value, out nuint length);

    [LibraryImport(Library, EntryPoint = "rados_getxattrs_end")]
    internal static partial void GetXAttrsEnd(nint iterator);

    [LibraryImport(Library, EntryPoint = "rados_omap_get_next2")]
    internal static partial int OMapGetNext(nint iterator, out nint key, out nint value, out nuint keyLength, out nuint valueLength);

    [LibraryImport(Library, EntryPoint = "rados_omap_get_end")]
    internal static partial void OMapGetEnd(nint iterator);

    /// <summary>Raw, for <see cref="ReadOpHandle"/>'s release only.</summary>
    [LibraryImport(Library, EntryPoint = "rados_release_read_op")]
    internal static partial void ReleaseReadOp(nint operation);
}

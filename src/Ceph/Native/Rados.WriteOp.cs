using System.Runtime.InteropServices;

namespace BlockRbd.Ceph.Native;

/// <summary>A rados_write_op_t: steps that all happen to one object, or none.</summary>
internal sealed class WriteOpHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Rados.ReleaseWriteOp(handle);
        return true;
    }
}

internal static partial class Rados
{
    internal const byte LIBRADOS_CMPXATTR_OP_EQ = 1;

    /// <summary>On a full pool the operation is tried all the same, instead of waiting until there is room.</summary>
    internal const int LIBRADOS_OPERATION_FULL_TRY = 64;

    [LibraryImport(Library, EntryPoint = "rados_create_write_op")]
    internal static partial WriteOpHandle CreateWriteOp();

    [LibraryImport(Library, EntryPoint = "rados_write_op_assert_exists")]
    internal static partial void WriteOpAssertExists(WriteOpHandle operation);

    [LibraryImport(Library, EntryPoint = "rados_write_op_cmpxattr", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void WriteOpCmpXAttr(WriteOpHandle operation, string name, byte comparison, ReadOnlySpan<byte> value, nuint length);

    [LibraryImport(Library, EntryPoint = "rados_write_op_exec", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void WriteOpExec(
        WriteOpHandle operation, string @class, string method, ReadOnlySpan<byte> input, nuint inputLength, nint result);

    [LibraryImport(Library, EntryPoint = "rados_write_op_remove")]
    internal static partial void WriteOpRemove(WriteOpHandle operation);

    [LibraryImport(Library, EntryPoint = "rados_write_op_operate2", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int WriteOpOperate(WriteOpHandle operation, IoContextHandle context, string objectName, nint modified, int flags);

    /// <summary>Raw, for <see cref="WriteOpHandle"/>'s release only.</summary>
    [LibraryImport(Library, EntryPoint = "rados_release_write_op")]
    internal static partial void ReleaseWriteOp(nint operation);
}

using BlockRbd.Ceph.Native;

namespace BlockRbd.Ceph;

/// <summary>Several steps on one object that happen all, or not at all.</summary>
internal sealed class WriteOperation : IDisposable
{
    private readonly WriteOpHandle _handle = Rados.CreateWriteOp();

    /// <summary>Fails with ENOENT where the object doesn't exist: most other steps would make it.</summary>
    public WriteOperation AssertExists()
    {
        Rados.WriteOpAssertExists(_handle);
        return this;
    }

    /// <summary>Fails with ECANCELED where the attribute isn't exactly this; one that isn't there is empty.</summary>
    public WriteOperation AssertXAttr(string name, ReadOnlySpan<byte> value)
    {
        Rados.WriteOpCmpXAttr(_handle, name, Rados.LIBRADOS_CMPXATTR_OP_EQ, value, (nuint)value.Length);
        return this;
    }

    /// <summary>Calls a method of an object class.</summary>
    public WriteOperation Call(string @class, string method, ReadOnlySpan<byte> input)
    {
        Rados.WriteOpExec(_handle, @class, method, input, (nuint)input.Length, 0);
        return this;
    }

    /// <summary>Removes the object.</summary>
    public WriteOperation Remove()
    {
        Rados.WriteOpRemove(_handle);
        return this;
    }

    /// <summary>
    /// Does it, on a full cluster too: none of these steps adds an object or data, and the OSDs let such ones pass (osd/PrimaryLogPG.cc,
    /// prepare_transaction). Otherwise the client library would wait for room, and no disk could be let go of until there is some.
    /// </summary>
    /// <returns>0, or a negative error number.</returns>
    public int Run(IoContextHandle context, string objectName) =>
        Rados.WriteOpOperate(_handle, context, objectName, 0, Rados.LIBRADOS_OPERATION_FULL_TRY);

    public void Dispose() => _handle.Dispose();
}

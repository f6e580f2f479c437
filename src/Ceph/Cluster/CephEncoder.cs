using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace BlockRbd.Ceph;

/// <summary>Writes Ceph's wire form: little-endian numbers, strings with a 32-bit length, structures with version and length.</summary>
internal sealed class CephEncoder
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public CephEncoder U8(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
        return this;
    }

    public CephEncoder U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(sizeof(uint)), value);
        _bytes.Advance(sizeof(uint));
        return this;
    }

    public CephEncoder U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), value);
        _bytes.Advance(sizeof(ulong));
        return this;
    }

    public CephEncoder Text(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        U32((uint)bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>src/include/encoding.h ENCODE_START/ENCODE_FINISH: version, oldest version that can read it, length, content.</summary>
    public static CephEncoder Struct(byte version, byte compat, Action<CephEncoder> content)
    {
        CephEncoder inner = new();
        content(inner);
        CephEncoder outer = new CephEncoder().U8(version).U8(compat).U32((uint)inner.Bytes.Length);
        outer._bytes.Write(inner.Bytes);
        return outer;
    }

    /// <summary>Adds what another one has.</summary>
    public CephEncoder Add(CephEncoder other)
    {
        _bytes.Write(other.Bytes);
        return this;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace BlockRbd.Ceph;

/// <summary>Reads Ceph's wire form. Every length is checked against what is there.</summary>
/// <param name="what">For messages: "attach lock of p/i".</param>
/// <param name="bytes">The encoded bytes.</param>
internal ref struct CephDecoder(string what, ReadOnlySpan<byte> bytes)
{
    private readonly string _what = what;
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly int Left => _rest.Length;

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public long I64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public string Text() => Encoding.UTF8.GetString(Take(Length()));

    /// <summary>The count of a map or a list, each entry of which has at least so many bytes.</summary>
    public int Count(int minimumBytes)
    {
        uint count = U32();
        return count <= (uint)(_rest.Length / minimumBytes) ? (int)count : throw Malformed($"{count} entries in {_rest.Length} bytes");
    }

    /// <summary>Enters a structure (DECODE_START): the reader of its content; this one stands behind it.</summary>
    /// <param name="newest">The newest encoding that is understood: one that only newer programs can read is refused.</param>
    /// <param name="version">The encoding's own version.</param>
    public CephDecoder Struct(byte newest, out byte version)
    {
        version = U8();
        byte compat = U8();
        return compat <= newest
            ? new CephDecoder(_what, Take(Length()))
            : throw Malformed($"encoding {compat} is newer than {newest}, the newest one known");
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw Malformed($"{count} bytes are wanted, {_rest.Length} are left");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public readonly CephException Malformed(string problem) => new(CephFault.Malformed, $"{_what} can't be decoded: {problem}");

    private int Length()
    {
        uint length = U32();
        return length <= (uint)_rest.Length ? (int)length : throw Malformed($"length {length}, {_rest.Length} bytes are left");
    }
}

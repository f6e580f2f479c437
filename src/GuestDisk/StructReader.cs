using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace BlockRbd.GuestDisk;

/// <summary>
/// Reads the fields of one on-disk structure by their offset, and knows where the structure stands, so that every
/// complaint can say it. Little-endian unless the name says otherwise.
/// </summary>
/// <param name="structure">The structure's name in its format's own words: "ext4 superblock".</param>
/// <param name="source">Name of the source it was read from.</param>
/// <param name="start">Byte offset of the structure in that source.</param>
/// <param name="bytes">The structure's bytes.</param>
internal readonly ref struct StructReader(string structure, string source, long start, ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Name of the source.</summary>
    public string Source => source;

    public int Length => _bytes.Length;

    public byte U8(int offset) => Field(offset, 1)[0];

    public ushort U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(Field(offset, sizeof(ushort)));

    public uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(Field(offset, sizeof(uint)));

    public ulong U64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(Field(offset, sizeof(ulong)));

    public ushort U16BigEndian(int offset) => BinaryPrimitives.ReadUInt16BigEndian(Field(offset, sizeof(ushort)));

    public uint U32BigEndian(int offset) => BinaryPrimitives.ReadUInt32BigEndian(Field(offset, sizeof(uint)));

    public ulong U64BigEndian(int offset) => BinaryPrimitives.ReadUInt64BigEndian(Field(offset, sizeof(ulong)));

    public ReadOnlySpan<byte> Bytes(int offset, int length) => Field(offset, length);

    /// <summary>A structure inside this one, under its own name.</summary>
    public StructReader Inner(string innerStructure, int offset, int length) =>
        new(innerStructure, source, start + offset, Field(offset, length));

    [DoesNotReturn]
    public void NotRecognized(int offset, string problem) => Throw(ImageFault.NotRecognized, offset, problem);

    [DoesNotReturn]
    public void Unsupported(int offset, string problem) => Throw(ImageFault.Unsupported, offset, problem);

    [DoesNotReturn]
    public void Corrupt(int offset, string problem) => Throw(ImageFault.Corrupt, offset, problem);

    [DoesNotReturn]
    public void OverLimit(int offset, string problem) => Throw(ImageFault.OverLimit, offset, problem);

    private ReadOnlySpan<byte> Field(int offset, int length)
    {
        if ((uint)offset > (uint)_bytes.Length || (uint)length > (uint)(_bytes.Length - offset))
        {
            Throw(ImageFault.Corrupt, 0, $"field at +{offset} of {length} bytes lies outside its {_bytes.Length} bytes");
        }

        return _bytes.Slice(offset, length);
    }

    [DoesNotReturn]
    private void Throw(ImageFault fault, int offset, string problem) =>
        throw new ImageFormatException(fault, structure, source, start + offset, problem);
}

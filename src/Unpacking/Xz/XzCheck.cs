using System.Buffers.Binary;

namespace BlockRbd.Unpacking.Xz;

/// <summary>The check behind a block's data (xz file format 2.1.1.2 and 3.4), added up on its way to the next sink.</summary>
/// <param name="kind">The check's ID: 0 none, 1 CRC-32, 4 CRC-64.</param>
/// <param name="next">Where the bytes go on to.</param>
internal sealed class XzCheck(int kind, IByteSink next) : IByteSink
{
    public const int None = 0;
    public const int Crc32 = 1;
    public const int Crc64 = 4;

    private ulong _sum;

    /// <summary>Bytes that the check takes behind the block.</summary>
    public int Bytes => kind switch { Crc32 => 4, Crc64 => 8, _ => 0 };

    /// <summary>Bytes that came through.</summary>
    public long Total { get; private set; }

    public static bool IsKnown(int kind) => kind is None or Crc32 or Crc64;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _sum = kind switch
        {
            Crc32 => Checksums.Crc32((uint)_sum, bytes),
            Crc64 => Checksums.Crc64(_sum, bytes),
            _ => 0,
        };
        Total += bytes.Length;
        next.Write(bytes);
    }

    public bool Matches(ReadOnlySpan<byte> stored) => kind switch
    {
        Crc32 => StoredChecksum.Matches(BinaryPrimitives.ReadUInt32LittleEndian(stored), _sum),
        Crc64 => StoredChecksum.Matches(BinaryPrimitives.ReadUInt64LittleEndian(stored), _sum),
        _ => true,
    };
}

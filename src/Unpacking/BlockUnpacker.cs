using BlockRbd.Unpacking.Lz4;
using BlockRbd.Unpacking.Lzo;
using BlockRbd.Unpacking.Zstd;

namespace BlockRbd.Unpacking;

/// <summary>How a block of a filesystem is packed: what Btrfs, SquashFS and EROFS use.</summary>
public enum BlockPacking
{
    /// <summary>RFC 1950.</summary>
    Zlib,

    /// <summary>RFC 1951.</summary>
    Deflate,

    /// <summary>LZMA-alone, with its header.</summary>
    Lzma,

    /// <summary>A whole .xz stream.</summary>
    Xz,

    /// <summary>LZO1X without any header.</summary>
    Lzo1x,

    /// <summary>LZ4's block format, without any header.</summary>
    Lz4,

    /// <summary>The same, with more in it than is wanted: EROFS.</summary>
    Lz4Partial,

    /// <summary>A Zstandard frame.</summary>
    Zstd,
}

/// <summary>Packed blocks of a known size at most. For whole files see <see cref="Unpacker"/>.</summary>
public static class BlockUnpacker
{
    /// <summary>Unpacks a block.</summary>
    /// <param name="packing">How it is packed.</param>
    /// <param name="source">The packed bytes. What follows their own end is not looked at, except for LZ4, which has none.</param>
    /// <param name="destination">Where it goes: its length is the ceiling.</param>
    /// <returns>Bytes that came out; more than the destination holds is an error.</returns>
    /// <exception cref="UnpackException">The bytes are bad, or more come out than the destination holds.</exception>
    public static int Unpack(BlockPacking packing, ReadOnlySpan<byte> source, Span<byte> destination) => packing switch
    {
        BlockPacking.Lzo1x => Lzo1xBlock.Unpack(source, destination),
        BlockPacking.Zstd => ZstdBlock.Unpack(source, destination),
        BlockPacking.Lz4 => Lz4Block.Unpack(source, destination),
        BlockPacking.Lz4Partial => Lz4Block.Unpack(source, destination, partial: true),
        _ => AsStream(packing, source, destination),
    };

    private static int AsStream(BlockPacking packing, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Packing stream = packing switch
        {
            BlockPacking.Zlib => Packing.Zlib,
            BlockPacking.Deflate => Packing.Deflate,
            BlockPacking.Lzma => Packing.Lzma,
            BlockPacking.Xz => Packing.Xz,
            _ => throw new ArgumentOutOfRangeException(nameof(packing), packing, "no block format"),
        };
        byte[] unpacked = new byte[destination.Length];
        using MemoryStream from = new(source.ToArray(), writable: false);
        using MemoryStream to = new(unpacked);
        int length = (int)Unpacker.Unpack(stream, from, to, new UnpackLimits(destination.Length));
        unpacked.AsSpan(0, length).CopyTo(destination);
        return length;
    }
}

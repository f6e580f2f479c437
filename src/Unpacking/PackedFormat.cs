using BlockRbd.Unpacking.Bzip2;
using BlockRbd.Unpacking.Deflate;
using BlockRbd.Unpacking.Lz4;
using BlockRbd.Unpacking.Lzma;
using BlockRbd.Unpacking.Lzo;
using BlockRbd.Unpacking.Xz;
using BlockRbd.Unpacking.Zstd;

namespace BlockRbd.Unpacking;

/// <summary>A format of packed streams: how it begins, and what unpacks it.</summary>
/// <param name="Packing">Which.</param>
/// <param name="Magic">First bytes; empty where it has none to be known by.</param>
/// <param name="Unpack">Unpacks: the source, where it goes, the ceilings.</param>
internal sealed record PackedFormat(Packing Packing, byte[] Magic, Action<Stream, BoundedOutput, UnpackLimits> Unpack)
{
    /// <summary>All of them. The magics are those of Linux' lib/decompress.c and libxenguest's xg_dom_bzimageloader.c.</summary>
    public static IReadOnlyList<PackedFormat> All { get; } =
    [
        new(Packing.Gzip, [0x1F, 0x8B], DeflateStreams.Gzip),
        new(Packing.Zlib, [], DeflateStreams.Zlib),
        new(Packing.Deflate, [], DeflateStreams.Raw),
        new(Packing.Bzip2, [.. "BZh"u8], Bzip2Stream.Unpack),
        new(Packing.Xz, [0xFD, .. "7zXZ"u8, 0], XzStream.Unpack),
        new(Packing.Zstd, [0x28, 0xB5, 0x2F, 0xFD], ZstdStream.Unpack),
        new(Packing.Lzma, [0x5D, 0, 0], LzmaAlone.Unpack),
        new(Packing.Lzo, [0x89, .. "LZO"u8, 0], LzopStream.Unpack),
        new(Packing.Lz4, [0x02, 0x21, 0x4C, 0x18], Lz4Legacy.Unpack),
    ];
}

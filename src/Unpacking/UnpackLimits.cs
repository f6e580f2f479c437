namespace BlockRbd.Unpacking;

/// <summary>Ceilings for what packed bytes say of themselves, before it becomes a size.</summary>
/// <param name="MaxOutput">Bytes that may come out.</param>
/// <param name="MaxWindow">
/// Bytes of history that a format may ask for. It is allocated as output grows, so a large number in a header costs nothing by itself.
/// </param>
public sealed record UnpackLimits(long MaxOutput, int MaxWindow = UnpackLimits.KernelWindow)
{
    /// <summary>128 MiB: the window of "zstd --ultra -22" and of "xz -9" with the kernel's dictionary, the largest that Linux packs itself with.</summary>
    public const int KernelWindow = 128 << 20;

    /// <summary>Bytes read at once from a source.</summary>
    internal const int ReadBytes = 64 << 10;

    /// <summary>Bytes that a window starts with, and the least that it has.</summary>
    internal const int FirstWindow = 64 << 10;

    /// <summary>Blocks of an LZ4 legacy frame: 8 MiB each unpacked (lz4's LEGACY_BLOCKSIZE; lib/decompress_unlz4.c: LZ4_DEFAULT_UNCOMPRESSED_CHUNK_SIZE).</summary>
    internal const int Lz4LegacyBlock = 8 << 20;

    /// <summary>Bytes of one block of an lzop file. lzop's own: BLOCK_SIZE 256 KiB; lib/decompress_unlzo.c takes no larger ones.</summary>
    internal const int LzopBlock = 256 << 10;

    /// <summary>Blocks of an .xz stream. "xz -T0 -9" makes one of 192 MiB; a block of nothing takes 28 bytes and much more work.</summary>
    internal const int XzBlocks = 1 << 16;

    /// <summary>Bytes of a name in a gzip or lzop header that are passed over.</summary>
    internal const int HeaderText = 64 << 10;
}

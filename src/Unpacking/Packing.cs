namespace BlockRbd.Unpacking;

/// <summary>The formats that a stream can be packed with.</summary>
public enum Packing
{
    /// <summary>Not packed.</summary>
    None,

    /// <summary>RFC 1952.</summary>
    Gzip,

    /// <summary>RFC 1950.</summary>
    Zlib,

    /// <summary>RFC 1951, with nothing around it.</summary>
    Deflate,

    /// <summary>bzip2.</summary>
    Bzip2,

    /// <summary>LZMA-alone, the format of .lzma files.</summary>
    Lzma,

    /// <summary>The .xz file format.</summary>
    Xz,

    /// <summary>lzop's file format: LZO1X in blocks.</summary>
    Lzo,

    /// <summary>LZ4's legacy frame, what "lz4 -l" makes and Linux reads.</summary>
    Lz4,

    /// <summary>RFC 8878.</summary>
    Zstd,
}

using System.IO.Compression;

namespace BlockRbd.Unpacking.Deflate;

/// <summary>gzip, zlib and raw deflate, by the runtime's own zlib: its checks are zlib's.</summary>
internal static class DeflateStreams
{
    // How packed data of nothing ends: a CRC-32 and length of nothing, an Adler-32 of nothing, an empty last block.
    private static readonly byte[][] EmptyGzip = [[0, 0, 0, 0, 0, 0, 0, 0]];
    private static readonly byte[][] EmptyZlib = [[0, 0, 0, 1]];
    private static readonly byte[][] EmptyRaw = [[3, 0], [1, 0, 0, 0xFF, 0xFF]];

    static DeflateStreams() =>
        // Without it the runtime takes data that is cut off for data that ends there, here and there.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    public static void Gzip(Stream source, BoundedOutput output, UnpackLimits limits) =>
        Copy("gzip", source, packed => new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true), output, EmptyGzip);

    public static void Zlib(Stream source, BoundedOutput output, UnpackLimits limits) =>
        Copy("zlib", source, packed => new ZLibStream(packed, CompressionMode.Decompress, leaveOpen: true), output, EmptyZlib);

    public static void Raw(Stream source, BoundedOutput output, UnpackLimits limits) =>
        Copy("deflate", source, packed => new DeflateStream(packed, CompressionMode.Decompress, leaveOpen: true), output, EmptyRaw);

    private static void Copy(string format, Stream source, Func<Stream, Stream> open, BoundedOutput output, byte[][] empty)
    {
        using CountedSource counted = new(format, source);
        using Stream unpacking = open(counted);
        byte[] buffer = new byte[UnpackLimits.ReadBytes];
        for (int count; (count = Read(format, unpacking, buffer)) > 0;)
        {
            output.Write(buffer.AsSpan(0, count));
        }

        // The runtime says that data is cut off only where something has come out before.
        if (output.Total == 0 && !EndsLike(counted.Last, empty))
        {
            UnpackException.Truncated(format);
        }
    }

    private static bool EndsLike(ReadOnlySpan<byte> last, byte[][] ends)
    {
        foreach (byte[] end in ends)
        {
            if (last.EndsWith(end))
            {
                return true;
            }
        }

        return false;
    }

    private static int Read(string format, Stream unpacking, byte[] buffer)
    {
        try
        {
            return unpacking.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new UnpackException(UnpackFault.Corrupt, format, e.Message.TrimEnd('.'));
        }
        catch (IOException e) when (e.GetType().Assembly == typeof(DeflateStream).Assembly) // its own ZLibException, which has no public name; not the source's
        {
            throw new UnpackException(UnpackFault.Corrupt, format, "it wants a dictionary that nobody has"); // RFC 1950: FDICT; zlib's Z_NEED_DICT
        }
    }
}

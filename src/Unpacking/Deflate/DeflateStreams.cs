using System.IO.Compression;

namespace BlockRbd.Unpacking.Deflate;

/// <summary>gzip, zlib and raw deflate, by the runtime's own zlib: its checks are zlib's.</summary>
internal static class DeflateStreams
{
    public static void Gzip(Stream source, BoundedOutput output, UnpackLimits limits) =>
        Copy("gzip", source, packed => new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true), output);

    public static void Zlib(Stream source, BoundedOutput output, UnpackLimits limits) =>
        Copy("zlib", source, packed => new ZLibStream(packed, CompressionMode.Decompress, leaveOpen: true), output);

    public static void Raw(Stream source, BoundedOutput output, UnpackLimits limits) =>
        Copy("deflate", source, packed => new DeflateStream(packed, CompressionMode.Decompress, leaveOpen: true), output);

    private static void Copy(string format, Stream source, Func<Stream, Stream> open, BoundedOutput output)
    {
        using CountedSource counted = new(format, source);
        using Stream unpacking = open(counted);
        byte[] buffer = new byte[UnpackLimits.ReadBytes];
        for (int count; (count = Read(format, unpacking, buffer)) > 0;)
        {
            output.Write(buffer.AsSpan(0, count));
        }
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
    }
}

namespace BlockRbd.Unpacking;

/// <summary>Packed streams of any length: kernels, whole files. For filesystem blocks see <see cref="BlockUnpacker"/>.</summary>
public static class Unpacker
{
    /// <summary>Bytes that <see cref="Recognize"/> wants to see.</summary>
    public const int MagicBytes = 16;

    /// <summary>The format that begins like this.</summary>
    /// <param name="start">The first bytes, <see cref="MagicBytes"/> where there are as many.</param>
    /// <returns>Null where none of those with a magic number does.</returns>
    public static Packing? Recognize(ReadOnlySpan<byte> start)
    {
        foreach (PackedFormat format in PackedFormat.All)
        {
            if (format.Magic.Length > 0 && start.StartsWith(format.Magic))
            {
                return format.Packing;
            }
        }

        return null;
    }

    /// <summary>Unpacks the whole of a stream and checks every checksum that it has.</summary>
    /// <param name="packing">How it is packed.</param>
    /// <param name="source">Read from where it stands. What follows the packed data's own end is not looked at, except for gzip and zstd, where another one may follow.</param>
    /// <param name="destination">Where it goes. After an exception it holds the part that came out before.</param>
    /// <param name="limits">The ceilings.</param>
    /// <returns>Bytes that came out.</returns>
    /// <exception cref="UnpackException">The bytes are bad, or go over a ceiling.</exception>
    public static long Unpack(Packing packing, Stream source, Stream destination, UnpackLimits limits)
    {
        PackedFormat format = PackedFormat.All.FirstOrDefault(known => known.Packing == packing)
            ?? throw new ArgumentOutOfRangeException(nameof(packing), packing, "no packed format");
        BoundedOutput output = new(packing.ToString().ToLowerInvariant(), destination, limits.MaxOutput);
        format.Unpack(source, output, limits);
        return output.Total;
    }
}

using System.Numerics;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace BlockRbd.Unpacking.Zstd;

/// <summary>Zstandard, by ZstdSharp, a translation of the reference decoder.</summary>
internal static class ZstdStream
{
    private const string Format = "zstd";

    public static void Unpack(Stream source, BoundedOutput output, UnpackLimits limits)
    {
        using CountedSource counted = new(Format, source);
        using DecompressionStream unpacking = new(counted, UnpackLimits.ReadBytes, checkEndOfStream: true, leaveOpen: true);
        unpacking.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, BitOperations.Log2((uint)limits.MaxWindow));
        byte[] buffer = new byte[UnpackLimits.ReadBytes];
        for (int count; (count = Read(unpacking, buffer)) > 0;)
        {
            output.Write(buffer.AsSpan(0, count));
        }
    }

    private static int Read(DecompressionStream unpacking, byte[] buffer)
    {
        try
        {
            return unpacking.Read(buffer);
        }
        catch (ZstdException e)
        {
            bool isTooLarge = e.Code == ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge;
            throw new UnpackException(isTooLarge ? UnpackFault.Unsupported : UnpackFault.Corrupt, Format, e.Message);
        }
        catch (EndOfStreamException)
        {
            throw new UnpackException(UnpackFault.Truncated, Format, "the packed data is cut off");
        }
    }
}

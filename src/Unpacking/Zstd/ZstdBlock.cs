using System.Numerics;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace BlockRbd.Unpacking.Zstd;

/// <summary>Zstandard frames in memory; what follows them (Btrfs fills its last sector with zeros) is not looked at.</summary>
internal static class ZstdBlock
{
    private const string Format = "zstd";

    /// <summary>Log2 of the least window that is always allowed: Btrfs' own (ZSTD_BTRFS_MAX_WINDOWLOG).</summary>
    private const int MinWindowLog = 17;

    /// <exception cref="UnpackException">The bytes are bad, or more come out than the destination holds.</exception>
    public static int Unpack(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        using MemoryStream packed = new(source.ToArray(), writable: false);
        using DecompressionStream unpacking = new(packed, UnpackLimits.ReadBytes, checkEndOfStream: true, leaveOpen: true);
        unpacking.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, Math.Max(MinWindowLog, BitOperations.Log2((uint)destination.Length) + 1));
        byte[] unpacked = new byte[destination.Length + 1]; // one more: the frame's end is only seen where there would be room
        int done = 0;
        for (int count; (count = Read(unpacking, unpacked.AsSpan(done), isFirst: done == 0)) > 0;)
        {
            done += count;
            if (done > destination.Length)
            {
                UnpackException.OverLimit(Format, destination.Length);
            }
        }

        unpacked.AsSpan(0, done).CopyTo(destination);
        return done;
    }

    private static int Read(DecompressionStream unpacking, Span<byte> buffer, bool isFirst)
    {
        try
        {
            return unpacking.Read(buffer);
        }
        catch (ZstdException e) when (!isFirst && e.Code == ZSTD_ErrorCode.ZSTD_error_prefix_unknown)
        {
            return 0; // a frame has ended, and what follows is none
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

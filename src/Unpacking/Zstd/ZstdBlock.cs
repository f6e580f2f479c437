using System.Buffers;
using System.Numerics;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace BlockRbd.Unpacking.Zstd;

/// <summary>One Zstandard frame in memory; what follows it (Btrfs fills its last sector with zeros) is not looked at.</summary>
internal static class ZstdBlock
{
    private const string Format = "zstd";

    /// <summary>Log2 of the least window that is always allowed: Btrfs' own (ZSTD_BTRFS_MAX_WINDOWLOG).</summary>
    private const int MinWindowLog = 17;

    /// <exception cref="UnpackException">The bytes are bad, or more come out than the destination holds.</exception>
    public static int Unpack(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        using Decompressor unpacking = new();
        unpacking.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, Math.Max(MinWindowLog, BitOperations.Log2((uint)destination.Length) + 1));
        byte[] unpacked = new byte[destination.Length + 1]; // the frame's end is only seen where there would be room for more
        int done = 0;
        while (true)
        {
            OperationStatus status = Step(unpacking, source, unpacked.AsSpan(done), out int used, out int written);
            done += written;
            if (done > destination.Length)
            {
                UnpackException.OverLimit(Format, destination.Length);
            }

            if (status == OperationStatus.Done)
            {
                unpacked.AsSpan(0, done).CopyTo(destination);
                return done;
            }

            if (used == 0 && written == 0)
            {
                UnpackException.Truncated(Format);
            }

            source = source[used..];
        }
    }

    private static OperationStatus Step(Decompressor unpacking, ReadOnlySpan<byte> source, Span<byte> destination, out int used, out int written)
    {
        try
        {
            return unpacking.UnwrapStream(source, destination, out used, out written);
        }
        catch (ZstdException e)
        {
            bool isTooLarge = e.Code == ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge;
            throw new UnpackException(isTooLarge ? UnpackFault.Unsupported : UnpackFault.Corrupt, Format, e.Message);
        }
    }
}

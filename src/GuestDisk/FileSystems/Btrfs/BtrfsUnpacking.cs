using System.Buffers.Binary;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>Unpacks one extent. LZO has a framing of its own (fs/btrfs/lzo.c); the others are one stream, with zeros behind it.</summary>
internal static class BtrfsUnpacking
{
    private const int LengthBytes = 4; // LZO_LEN

    /// <summary>Fills <paramref name="unpacked"/>.</summary>
    /// <returns>What is wrong with the packed bytes; else null.</returns>
    public static string? Unpack(BtrfsCompression kind, ReadOnlyMemory<byte> packed, Span<byte> unpacked, int sectorSize)
    {
        // What was packed ends with the file, or is a whole number of sectors: it may be less than a sector longer or shorter than what is kept of it.
        byte[] whole = new byte[(unpacked.Length + sectorSize - 1) / sectorSize * sectorSize];
        try
        {
            int length = kind == BtrfsCompression.Lzo
                ? UnpackSegments(packed.Span, whole, sectorSize)
                : BlockUnpacker.Unpack(kind == BtrfsCompression.Zlib ? BlockPacking.Zlib : BlockPacking.Zstd, packed.Span, whole);
            if (length <= unpacked.Length - sectorSize)
            {
                return $"{length} bytes where {unpacked.Length} are due";
            }
        }
        catch (UnpackException e)
        {
            return e.Message;
        }

        whole.AsSpan(0, unpacked.Length).CopyTo(unpacked);
        return null;
    }

    /// <summary>The whole length, then segments of at most a sector unpacked, each with its length, which never crosses a sector's border.</summary>
    private static int UnpackSegments(ReadOnlySpan<byte> packed, Span<byte> unpacked, int sectorSize)
    {
        int total = packed.Length < LengthBytes ? 0 : (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(packed), int.MaxValue);
        if (total < LengthBytes || total > packed.Length)
        {
            throw new UnpackException(UnpackFault.Corrupt, "lzo extent", $"says that it has {total} bytes, and has {packed.Length}");
        }

        int done = 0;
        for (int at = LengthBytes; at < total && done < unpacked.Length;)
        {
            int left = sectorSize - (at % sectorSize);
            at += left < LengthBytes ? left : 0;
            if (at > total - LengthBytes)
            {
                break; // zeros up to the end
            }

            uint length = BinaryPrimitives.ReadUInt32LittleEndian(packed[at..]);
            at += LengthBytes;
            if (length > total - at)
            {
                throw new UnpackException(UnpackFault.Corrupt, "lzo segment", $"says that it has {length} bytes, and {total - at} are left");
            }

            int room = Math.Min(sectorSize, unpacked.Length - done);
            done += BlockUnpacker.Unpack(BlockPacking.Lzo1x, packed.Slice(at, (int)length), unpacked.Slice(done, room));
            at += (int)length;
        }

        return done;
    }
}

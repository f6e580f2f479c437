using System.Buffers.Binary;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>Unpacks one extent. LZO has a framing of its own (fs/btrfs/lzo.c); the others are one stream, with zeros behind it.</summary>
internal static class BtrfsUnpacking
{
    private const int LengthBytes = 4; // LZO_LEN

    /// <summary>Fills <paramref name="unpacked"/>.</summary>
    /// <exception cref="UnpackException">The packed bytes are bad.</exception>
    public static void Unpack(BtrfsCompression kind, ReadOnlySpan<byte> packed, Span<byte> unpacked, int sectorSize)
    {
        // What was packed ends with the file, or is a whole number of sectors: it may be less than a sector longer or shorter than what is kept of it.
        int whole = (unpacked.Length + sectorSize - 1) / sectorSize * sectorSize;
        Span<byte> room = whole == unpacked.Length ? unpacked : new byte[whole];
        int length = kind == BtrfsCompression.Lzo
            ? UnpackSegments(packed, room, sectorSize)
            : BlockUnpacker.Unpack(kind == BtrfsCompression.Zlib ? BlockPacking.Zlib : BlockPacking.Zstd, packed, room);
        if (length <= unpacked.Length - sectorSize)
        {
            throw new UnpackException(UnpackFault.Corrupt, "Btrfs extent", $"{length} bytes where {unpacked.Length} are due");
        }

        room[length..].Clear();
        if (whole != unpacked.Length)
        {
            room[..unpacked.Length].CopyTo(unpacked);
        }
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

using System.Numerics;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>How a chunk's bytes are spread (BTRFS_BLOCK_GROUP_*).</summary>
[Flags]
internal enum BtrfsProfile : ulong
{
    Single = 0,
    Data = 1 << 0,
    System = 1 << 1,
    Metadata = 1 << 2,
    Raid0 = 1 << 3,
    Raid1 = 1 << 4,
    Dup = 1 << 5,
    Raid10 = 1 << 6,
    Raid5 = 1 << 7,
    Raid6 = 1 << 8,
    Raid1C3 = 1 << 9,
    Raid1C4 = 1 << 10,

    Types = Data | System | Metadata,
    Profiles = Raid0 | Raid1 | Dup | Raid10 | Raid5 | Raid6 | Raid1C3 | Raid1C4,
}

/// <summary>A range of one device.</summary>
/// <param name="Device">devid.</param>
/// <param name="DeviceUuid">The device's UUID.</param>
/// <param name="Offset">First byte.</param>
internal readonly record struct BtrfsStripe(ulong Device, Guid DeviceUuid, ulong Offset);

/// <summary>A range of logical addresses and the devices' ranges behind it (btrfs_chunk), checked.</summary>
internal sealed class BtrfsChunk
{
    public const string StructureName = "Btrfs chunk";

    /// <summary>Bytes of one stripe (BTRFS_STRIPE_LEN): the kernel knows no other.</summary>
    public const int StripeBytes = 64 << 10;

    private const int FixedBytes = 48;
    private const int EachBytes = 32;

    private BtrfsChunk(ulong start, ulong length, BtrfsProfile profile, BtrfsStripe[] stripes) =>
        (Start, Length, Profile, Stripes) = (start, length, profile, stripes);

    /// <summary>First logical address.</summary>
    public ulong Start { get; }

    public ulong Length { get; }

    /// <summary>The profile alone, without the kind of content.</summary>
    public BtrfsProfile Profile { get; }

    public BtrfsStripe[] Stripes { get; }

    /// <summary>First address behind it.</summary>
    public ulong End => Start + Length;

    /// <summary>Ways to read a byte: each copy, or data and what parity gives.</summary>
    public int Copies => Profile switch
    {
        BtrfsProfile.Dup or BtrfsProfile.Raid1 or BtrfsProfile.Raid10 or BtrfsProfile.Raid5 => 2,
        BtrfsProfile.Raid1C3 => 3,
        BtrfsProfile.Raid1C4 => 4,
        BtrfsProfile.Raid6 => 2,
        _ => 1,
    };

    /// <summary>Stripes of parity in each row.</summary>
    public int Parities => Profile switch { BtrfsProfile.Raid5 => 1, BtrfsProfile.Raid6 => 2, _ => 0 };

    /// <summary>Reads a chunk item.</summary>
    /// <param name="item">Its bytes; more may follow.</param>
    /// <param name="start">Its key's offset.</param>
    /// <param name="sectorSize">The filesystem's.</param>
    /// <param name="bytes">Bytes that it takes.</param>
    /// <exception cref="ImageFormatException">It can't be a chunk.</exception>
    public static BtrfsChunk Read(StructReader item, ulong start, int sectorSize, out int bytes)
    {
        ulong length = item.U64(0);
        ulong sectorMask = (ulong)sectorSize - 1;
        if (length == 0 || (length & sectorMask) != 0 || (start & sectorMask) != 0 || start > ulong.MaxValue - length)
        {
            item.Corrupt(0, $"{length} bytes at {start}");
        }

        if (item.U64(16) != StripeBytes) // stripe_len
        {
            item.Corrupt(16, $"stripes of {item.U64(16)} bytes");
        }

        BtrfsProfile type = (BtrfsProfile)item.U64(24);
        BtrfsProfile profile = type & BtrfsProfile.Profiles;
        if ((type & BtrfsProfile.Types) == 0 || (type & ~(BtrfsProfile.Types | BtrfsProfile.Profiles)) != 0 || BitOperations.PopCount((ulong)profile) > 1)
        {
            item.Corrupt(24, $"type 0x{(ulong)type:x}");
        }

        int count = item.U16(44);
        int sub = item.U16(46);
        if (!IsStripeCount(profile, count, sub))
        {
            item.Corrupt(44, $"{count} stripes (sub_stripes {sub}) for type 0x{(ulong)type:x}");
        }

        BtrfsStripe[] stripes = new BtrfsStripe[count];
        for (int i = 0; i < count; i++)
        {
            int at = FixedBytes + (i * EachBytes);
            stripes[i] = new BtrfsStripe(item.U64(at), new Guid(item.Bytes(at + 16, 16), bigEndian: true), item.U64(at + 8));
            if (stripes[i].Offset > (ulong)long.MaxValue - length)
            {
                item.Corrupt(at + 8, $"stripe at byte {stripes[i].Offset}");
            }
        }

        bytes = FixedBytes + (count * EachBytes);
        return new BtrfsChunk(start, length, profile, stripes);
    }

    /// <summary>Where a byte stands in one of its copies.</summary>
    /// <param name="address">A logical address inside the chunk.</param>
    /// <param name="copy">Below <see cref="Copies"/>; a parity copy has no place of its own and is not asked for here.</param>
    /// <param name="run">Bytes from there that stand together.</param>
    public (BtrfsStripe Stripe, long Offset) Locate(ulong address, int copy, out long run)
    {
        ulong offset = address - Start;
        (ulong stripe, ulong inStripe) = Math.DivRem(offset, StripeBytes);
        ulong count = (ulong)Stripes.Length;
        run = (long)Math.Min(Length - offset, StripeBytes - inStripe);
        switch (Profile)
        {
            case BtrfsProfile.Raid0:
                return At(stripe % count, stripe / count, inStripe);
            case BtrfsProfile.Raid10:
                ulong factor = count / 2; // sub_stripes is 2
                return At((stripe % factor * 2) + (ulong)copy, stripe / factor, inStripe);
            case BtrfsProfile.Raid5 or BtrfsProfile.Raid6:
                (ulong row, ulong column) = Math.DivRem(stripe, count - (ulong)Parities);
                return At((row + column) % count, row, inStripe);
            default:
                run = (long)(Length - offset);
                return (Stripes[copy], (long)(Stripes[copy].Offset + offset));
        }
    }

    /// <summary>For RAID5/6: the places whose exclusive or is the byte at <paramref name="address"/>: the row's other data and its first parity.</summary>
    public IEnumerable<(BtrfsStripe Stripe, long Offset)> Siblings(ulong address)
    {
        (ulong stripe, ulong inStripe) = Math.DivRem(address - Start, StripeBytes);
        ulong count = (ulong)Stripes.Length;
        ulong data = count - (ulong)Parities;
        (ulong row, ulong own) = Math.DivRem(stripe, data);
        for (ulong column = 0; column <= data; column++) // the first parity follows the last data
        {
            if (column != own)
            {
                yield return At((row + column) % count, row, inStripe);
            }
        }
    }

    private (BtrfsStripe Stripe, long Offset) At(ulong index, ulong row, ulong inStripe) =>
        (Stripes[(int)index], (long)(Stripes[(int)index].Offset + (row * StripeBytes) + inStripe));

    /// <summary>btrfs_check_chunk_valid of fs/btrfs/tree-checker.c.</summary>
    private static bool IsStripeCount(BtrfsProfile profile, int count, int sub) => profile switch
    {
        BtrfsProfile.Single => count == 1,
        BtrfsProfile.Dup or BtrfsProfile.Raid1 => count == 2,
        BtrfsProfile.Raid1C3 => count == 3,
        BtrfsProfile.Raid1C4 => count == 4,
        BtrfsProfile.Raid10 => sub == 2 && count >= 2 && count % 2 == 0,
        BtrfsProfile.Raid5 => count >= 2,
        BtrfsProfile.Raid6 => count >= 3,
        _ => count >= 1,
    };
}

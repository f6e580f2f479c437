using System.Numerics;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>The superblock, checked (btrfs_tree.h, struct btrfs_super_block). Offsets are the structure's own.</summary>
internal sealed class BtrfsSuperblock
{
    public const string StructureName = "Btrfs superblock";

    /// <summary>Where the first one stands (BTRFS_SUPER_INFO_OFFSET).</summary>
    public const long FirstOffset = 64 << 10;

    /// <summary>Bytes of one (BTRFS_SUPER_INFO_SIZE).</summary>
    public const int SuperblockBytes = 4096;

    private const long SecondOffset = 64 << 20; // btrfs_sb_offset
    private const long ThirdOffset = 256L << 30;
    private const ulong Magic = 0x4D5F53665248425F; // "_BHRfS_M"
    private const int MagicOffset = 64;
    private const int DevItemOffset = 201;
    private const int LabelOffset = 299;
    private const int LabelBytes = 256;
    private const int SystemChunksOffset = 811;
    private const int UuidBytes = 16;

    private BtrfsSuperblock()
    {
    }

    public required BtrfsChecksum Checksum { get; init; }

    /// <summary>What people and boot loaders see.</summary>
    public required Guid FsId { get; init; }

    /// <summary>What every tree block carries: another one where the visible one was changed (metadata_uuid).</summary>
    public required Guid MetadataUuid { get; init; }

    public required ulong Generation { get; init; }

    public required BtrfsRoot RootTree { get; init; }

    public required BtrfsRoot ChunkTree { get; init; }

    /// <summary>The tree of log trees; address 0 where nothing is logged.</summary>
    public required BtrfsRoot LogTree { get; init; }

    public required int Devices { get; init; }

    public required int SectorSize { get; init; }

    public required int NodeSize { get; init; }

    public required BtrfsIncompat Incompat { get; init; }

    public required BtrfsDeviceId Device { get; init; }

    public required byte[] Label { get; init; }

    /// <summary>Keys and chunks, one after the other: those in which the chunk tree itself stands (sys_chunk_array).</summary>
    public required byte[] SystemChunks { get; init; }

    /// <summary>Which of its copies was read.</summary>
    public required long Offset { get; init; }

    /// <summary>Reads the first one; where its checksum is wrong, the newest good copy.</summary>
    /// <exception cref="ImageFormatException">No Btrfs, one that can't be read, or corruption.</exception>
    public static BtrfsSuperblock Read(BlockSource source)
    {
        if (source.Length < FirstOffset + SuperblockBytes)
        {
            throw new ImageFormatException(ImageFault.NotRecognized, StructureName, source.Name, FirstOffset, "the device is too small");
        }

        StructReader first = Load(source, FirstOffset);
        if (first.U64(MagicOffset) != Magic)
        {
            first.NotRecognized(MagicOffset, $"magic is 0x{first.U64(MagicOffset):x16}, not 0x{Magic:x16}");
        }

        try
        {
            return Parse(first, FirstOffset);
        }
        catch (ImageFormatException e) when (e.Fault == ImageFault.Corrupt)
        {
            if (Copy(source) is { } copy)
            {
                return copy;
            }

            throw;
        }
    }

    /// <summary>The superblock of a source that may be no Btrfs at all; null where it is none, or a bad one.</summary>
    public static BtrfsSuperblock? TryRead(BlockSource source)
    {
        try
        {
            return Read(source);
        }
        catch (IOException e) when (e is ImageFormatException or SourceReadException)
        {
            return null;
        }
    }

    private static BtrfsSuperblock? Copy(BlockSource source)
    {
        BtrfsSuperblock? newest = null;
        foreach (long offset in (ReadOnlySpan<long>)[SecondOffset, ThirdOffset])
        {
            if (offset > source.Length - SuperblockBytes)
            {
                continue;
            }

            try
            {
                StructReader sb = Load(source, offset);
                if (sb.U64(MagicOffset) == Magic && Parse(sb, offset) is { } copy && copy.Generation >= (newest?.Generation ?? 0))
                {
                    newest = copy;
                }
            }
            catch (ImageFormatException)
            {
                // The first one's trouble is told.
            }
        }

        return newest;
    }

    private static StructReader Load(BlockSource source, long offset) =>
        new(StructureName, source.Name, offset, source.ReadExactly(offset, SuperblockBytes));

    private static BtrfsSuperblock Parse(StructReader sb, long offset)
    {
        int type = sb.U16(196); // csum_type
        if (BtrfsChecksum.Of(type) is not { } checksum)
        {
            sb.Unsupported(196, $"checksum type {type}");
            return null!;
        }

        if (!checksum.MatchesOwn(sb.Bytes(0, SuperblockBytes)))
        {
            sb.Corrupt(0, $"its {checksum.Name} does not match");
        }

        if (sb.U64(48) != (ulong)offset)
        {
            sb.Corrupt(48, $"says that it stands at byte {sb.U64(48)}");
        }

        BtrfsIncompat incompat = (BtrfsIncompat)sb.U64(188);
        BtrfsIncompat unknown = incompat & ~BtrfsIncompat.Readable;
        if (unknown != 0)
        {
            sb.Unsupported(188, $"incompatible feature {string.Join(", ", BtrfsFeatureNames.Of(unknown))}, not read here");
        }

        CheckSizes(sb);
        ulong generation = sb.U64(72);
        Guid fsid = new(sb.Bytes(32, UuidBytes), bigEndian: true);
        ReadOnlySpan<byte> label = sb.Bytes(LabelOffset, LabelBytes);
        int labelEnd = label.IndexOf((byte)0);
        return new BtrfsSuperblock
        {
            Checksum = checksum,
            FsId = fsid,
            MetadataUuid = incompat.HasFlag(BtrfsIncompat.MetadataUuid) ? new(sb.Bytes(571, UuidBytes), bigEndian: true) : fsid,
            Generation = generation,
            RootTree = new BtrfsRoot(sb.U64(80), sb.U8(198), generation),
            ChunkTree = new BtrfsRoot(sb.U64(88), sb.U8(199), sb.U64(164)),
            LogTree = new BtrfsRoot(sb.U64(96), sb.U8(200), unchecked(generation + 1)), // written before the commit that would be the next
            Devices = (int)sb.U64(136),
            SectorSize = (int)sb.U32(144),
            NodeSize = (int)sb.U32(148),
            Incompat = incompat,
            Device = BtrfsDeviceId.Read(sb.Inner("Btrfs device item", DevItemOffset, BtrfsDeviceId.ItemBytes)),
            Label = label[..(labelEnd < 0 ? LabelBytes : labelEnd)].ToArray(),
            SystemChunks = sb.Bytes(SystemChunksOffset, (int)sb.U32(160)).ToArray(),
            Offset = offset,
        };
    }

    private static void CheckSizes(StructReader sb)
    {
        uint sector = sb.U32(144);
        if (sector is < 512 or > BtrfsLimits.MaxSectorBytes || !BitOperations.IsPow2(sector))
        {
            sb.Corrupt(144, $"sectors of {sector} bytes");
        }

        uint node = sb.U32(148);
        if (node < sector || node > BtrfsLimits.MaxNodeBytes || !BitOperations.IsPow2(node))
        {
            sb.Corrupt(148, $"tree blocks of {node} bytes");
        }

        if (sb.U32(160) > BtrfsLimits.MaxSystemChunkBytes)
        {
            sb.Corrupt(160, $"system chunks of {sb.U32(160)} bytes");
        }

        if (sb.U64(136) is 0 or > BtrfsLimits.MaxDevices)
        {
            sb.Corrupt(136, $"{sb.U64(136)} devices");
        }

        foreach (int at in (ReadOnlySpan<int>)[198, 199, 200])
        {
            if (sb.U8(at) >= BtrfsLimits.MaxLevels)
            {
                sb.Corrupt(at, $"a tree of level {sb.U8(at)}");
            }
        }
    }
}

/// <summary>Where a tree begins.</summary>
/// <param name="Address">Logical address of its first block.</param>
/// <param name="Level">Levels below that block.</param>
/// <param name="Generation">The transaction that wrote it.</param>
internal readonly record struct BtrfsRoot(ulong Address, int Level, ulong Generation);

/// <summary>A device's names (btrfs_dev_item).</summary>
/// <param name="Number">devid.</param>
/// <param name="Uuid">Its own UUID.</param>
/// <param name="FsId">Its filesystem's: another one for a seed device.</param>
internal readonly record struct BtrfsDeviceId(ulong Number, Guid Uuid, Guid FsId)
{
    /// <summary>Bytes of a btrfs_dev_item.</summary>
    public const int ItemBytes = 98;

    public static BtrfsDeviceId Read(StructReader item) =>
        new(item.U64(0), new Guid(item.Bytes(66, 16), bigEndian: true), new Guid(item.Bytes(82, 16), bigEndian: true));
}

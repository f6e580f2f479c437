using System.Numerics;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>The first superblock (xfs_dsb of Linux' xfs_format.h), read and checked as the kernel does before it mounts.</summary>
internal sealed class XfsSuperblock
{
    public const string StructureName = "XFS superblock";

    /// <summary>The part with fields; the checksum covers the whole sector.</summary>
    public const int FieldBytes = 304;

    public const uint Magic = 0x58465342; // "XFSB"

    public const int LsnOffset = 240; // sb_lsn

    private const int CrcOffset = 224;     // sb_crc
    private const int UuidBytes = 16;
    private const int MinGroupBytes = 1 << 24; // XFS_MIN_AG_BYTES
    private const int MinGroupBlocks = 64;     // XFS_MIN_AG_BLOCKS: the last group may be this short

    private XfsSuperblock()
    {
    }

    public required bool IsV5 { get; init; }

    public required int BlockLog { get; init; }

    public int BlockSize => 1 << BlockLog;

    public required int InodeLog { get; init; }

    public int InodeSize => 1 << InodeLog;

    /// <summary>Log2 of a directory block's bytes.</summary>
    public required int DirectoryBlockLog { get; init; }

    public int DirectoryBlockSize => 1 << DirectoryBlockLog;

    public required ulong Blocks { get; init; }

    public required uint GroupBlocks { get; init; }

    public required int GroupBlockLog { get; init; }

    public required uint Groups { get; init; }

    public required ulong RootInode { get; init; }

    /// <summary>First block of the log; 0 where the log is on another device.</summary>
    public required ulong LogStart { get; init; }

    public required uint LogBlocks { get; init; }

    /// <summary>LSN of the superblock's last write; 0 in version 4, which has none.</summary>
    public required ulong Lsn { get; init; }

    /// <summary>sb_uuid: what people and boot loaders see.</summary>
    public required byte[] Uuid { get; init; }

    /// <summary>What every block of version 5 carries: sb_meta_uuid where the visible one was changed.</summary>
    public required byte[] MetaUuid { get; init; }

    public required byte[] Label { get; init; }

    public required XfsIncompat Incompat { get; init; }

    /// <summary>Whether log records have a buffer size, and more than one block of header.</summary>
    public required bool HasLogV2 { get; init; }

    /// <summary>What a replay of the log needs and is not known here: bits of sb_features_log_incompat.</summary>
    public required uint UnknownLogFeatures { get; init; }

    /// <summary>Whether directory entries have a byte for the file's type.</summary>
    public required bool HasFileType { get; init; }

    /// <summary>Whether names are looked up regardless of ASCII case (mkfs.xfs -n version=ci).</summary>
    public required bool IsAsciiCaseInsensitive { get; init; }

    /// <summary>Reads it from the filesystem's first bytes.</summary>
    /// <param name="cache">The filesystem.</param>
    /// <param name="isReplayed">Whether some of it is the log's, so that its checksum says nothing.</param>
    /// <exception cref="ImageFormatException">No XFS, one that can't be read, or corruption.</exception>
    public static XfsSuperblock Read(XfsMetadataCache cache, bool isReplayed = false)
    {
        if (cache.Length < FieldBytes)
        {
            throw new ImageFormatException(ImageFault.NotRecognized, StructureName, cache.SourceName, 0, "the device is too small");
        }

        StructReader sb = new(StructureName, cache.SourceName, 0, cache.Read(0, FieldBytes));
        if (sb.U32BigEndian(0) != Magic)
        {
            sb.NotRecognized(0, $"magic is 0x{sb.U32BigEndian(0):x8}, not 0x{Magic:x8}");
        }

        int version = sb.U16BigEndian(100) & (int)XfsVersion.NumberBits; // sb_versionnum
        if (version is not (4 or 5))
        {
            sb.Unsupported(100, $"version {version}: only 4 and 5 are read");
        }

        CheckCrc(cache, sb, version, isReplayed);
        CheckSizes(sb, version);
        CheckGroups(sb);
        XfsIncompat incompat = CheckFeatures(sb, version);
        bool isV5 = version == 5;
        return new XfsSuperblock
        {
            IsV5 = isV5,
            BlockLog = sb.U8(120),
            InodeLog = sb.U8(122),
            DirectoryBlockLog = sb.U8(120) + sb.U8(192),
            Blocks = sb.U64BigEndian(8),
            GroupBlocks = sb.U32BigEndian(84),
            GroupBlockLog = sb.U8(124),
            Groups = sb.U32BigEndian(88),
            RootInode = sb.U64BigEndian(56),
            LogStart = sb.U64BigEndian(48),
            LogBlocks = sb.U32BigEndian(96),
            Lsn = isV5 ? sb.U64BigEndian(LsnOffset) : 0,
            Uuid = sb.Bytes(32, UuidBytes).ToArray(),
            MetaUuid = sb.Bytes(incompat.HasFlag(XfsIncompat.MetaUuid) ? 248 : 32, UuidBytes).ToArray(),
            Label = LabelOf(sb),
            Incompat = incompat,
            HasLogV2 = isV5 || ((XfsVersion)sb.U16BigEndian(100)).HasFlag(XfsVersion.LogV2),
            UnknownLogFeatures = isV5 ? sb.U32BigEndian(220) & ~(uint)XfsLogIncompat.AttributeIntents : 0,
            HasFileType = isV5 ? incompat.HasFlag(XfsIncompat.FileType) : Features2(sb).HasFlag(XfsFeatures2.FileType),
            IsAsciiCaseInsensitive = ((XfsVersion)sb.U16BigEndian(100)).HasFlag(XfsVersion.AsciiCaseInsensitive),
        };
    }

    /// <summary>Whether a source holds an XFS whose log is on another device.</summary>
    public static bool HasExternalLog(BlockSource source)
    {
        if (source.Length < FieldBytes)
        {
            return false;
        }

        StructReader sb = new(StructureName, source.Name, 0, source.ReadExactly(0, FieldBytes));
        return sb.U32BigEndian(0) == Magic && sb.U64BigEndian(48) == 0; // sb_logstart
    }

    /// <summary>Where a run of blocks stands in the source, in bytes; false where it is not wholly inside one allocation group.</summary>
    public bool TryBlockOffset(ulong block, ulong count, out long offset)
    {
        // xfs_fsblock_t: the group's number above sb_agblklog bits for the block in the group. The highest is 2^52 or so: no overflow below.
        ulong group = block >> GroupBlockLog;
        ulong inGroup = block & ((1UL << GroupBlockLog) - 1);
        offset = 0;
        if (group >= Groups || count == 0)
        {
            return false;
        }

        ulong length = GroupLength(group);
        if (inGroup >= length || count > length - inGroup)
        {
            return false;
        }

        offset = (long)(((group * GroupBlocks) + inGroup) << BlockLog);
        return true;
    }

    /// <summary>Where an inode stands in the source, in bytes; false where its number is outside the filesystem.</summary>
    public bool TryInodeOffset(ulong number, out long offset)
    {
        int inodesPerBlockLog = BlockLog - InodeLog;
        ulong inBlock = number & ((1UL << inodesPerBlockLog) - 1);
        bool found = TryBlockOffset(number >> inodesPerBlockLog, 1, out offset) && number != 0;
        offset += (long)(inBlock << InodeLog);
        return found;
    }

    /// <summary>The number of the inode that stands at a byte of the source.</summary>
    public ulong InodeNumber(long offset)
    {
        ulong block = (ulong)offset >> BlockLog;
        ulong inBlock = (ulong)(offset & (BlockSize - 1)) >> InodeLog;
        return ((((block / GroupBlocks) << GroupBlockLog) | (block % GroupBlocks)) << (BlockLog - InodeLog)) | inBlock;
    }

    private ulong GroupLength(ulong group) =>
        group == Groups - 1 ? Blocks - (group * GroupBlocks) : GroupBlocks;

    private static byte[] LabelOf(StructReader sb)
    {
        ReadOnlySpan<byte> name = sb.Bytes(108, 12); // sb_fname
        int end = name.IndexOf((byte)0);
        return (end < 0 ? name : name[..end]).ToArray();
    }

    private static void CheckCrc(XfsMetadataCache cache, StructReader sb, int version, bool isReplayed)
    {
        int sectorLog = sb.U8(121);
        if (sectorLog is < XfsLimits.MinSectorLog or > XfsLimits.MaxSectorLog || sb.U16BigEndian(102) != 1 << sectorLog)
        {
            sb.Corrupt(102, $"sector size {sb.U16BigEndian(102)} with log2 {sectorLog}");
        }

        // As the kernel: a version 4 superblock has zeros here; anything else is a version 5 one whose version was hit.
        if (version != 5 && sb.U32(CrcOffset) == 0)
        {
            return;
        }

        if (1 << sectorLog > cache.Length)
        {
            throw new ImageFormatException(
                ImageFault.Truncated, StructureName, cache.SourceName, 0, $"its sector of {1 << sectorLog} bytes ends behind the device");
        }

        if (!isReplayed && !XfsChecksum.Matches(cache.Read(0, 1 << sectorLog), CrcOffset))
        {
            sb.Corrupt(CrcOffset, "checksum does not match");
        }
    }

    private static void CheckSizes(StructReader sb, int version)
    {
        int blockLog = sb.U8(120);
        if (blockLog is < XfsLimits.MinBlockLog or > XfsLimits.MaxBlockLog || sb.U32BigEndian(4) != 1u << blockLog)
        {
            sb.Corrupt(4, $"block size {sb.U32BigEndian(4)} with log2 {blockLog}");
        }

        if (version == 5 && blockLog == XfsLimits.MinBlockLog)
        {
            sb.Corrupt(4, "version 5 with blocks of 512 bytes");
        }

        if (sb.U8(192) > XfsLimits.MaxBlockLog - blockLog)
        {
            sb.Corrupt(192, $"directory blocks of 2^{sb.U8(192)} blocks of {1 << blockLog} bytes"); // sb_dirblklog
        }

        int inodeLog = sb.U8(122);
        if (inodeLog is < XfsLimits.MinInodeLog or > XfsLimits.MaxInodeLog || inodeLog > blockLog || sb.U16BigEndian(104) != 1 << inodeLog
            || sb.U16BigEndian(106) != 1 << (blockLog - inodeLog) || sb.U8(123) != blockLog - inodeLog)
        {
            sb.Corrupt(104, $"inode size {sb.U16BigEndian(104)} with log2 {inodeLog}, {sb.U16BigEndian(106)} a block with log2 {sb.U8(123)}");
        }

        if (sb.U8(126) != 0)
        {
            sb.Corrupt(126, "mkfs or growfs did not finish (sb_inprogress)");
        }
    }

    private static void CheckGroups(StructReader sb)
    {
        ulong blocks = sb.U64BigEndian(8);       // sb_dblocks
        uint groupBlocks = sb.U32BigEndian(84);  // sb_agblocks
        uint groups = sb.U32BigEndian(88);       // sb_agcount
        int blockLog = sb.U8(120);
        ulong groupBytes = (ulong)groupBlocks << blockLog;
        if (groupBytes < MinGroupBytes || groupBytes > 1UL << XfsLimits.MaxGroupBytesLog
            || sb.U8(124) != BitOperations.Log2(groupBlocks - 1) + 1)
        {
            sb.Corrupt(84, $"allocation groups of {groupBlocks} blocks with log2 {sb.U8(124)}");
        }

        // groups * groupBlocks fits: 32 bits each.
        if (groups == 0 || blocks > (ulong)groups * groupBlocks || blocks < ((ulong)(groups - 1) * groupBlocks) + MinGroupBlocks)
        {
            sb.Corrupt(8, $"{blocks} blocks in {groups} allocation groups of {groupBlocks}");
        }

        if (blocks > (ulong)long.MaxValue >> blockLog)
        {
            sb.Corrupt(8, $"{blocks} blocks are more than an offset can say");
        }

        if (sb.U32BigEndian(96) > XfsLimits.MaxLogBlocks)
        {
            sb.Corrupt(96, $"log of {sb.U32BigEndian(96)} blocks"); // sb_logblocks
        }
    }

    private static XfsIncompat CheckFeatures(StructReader sb, int version)
    {
        XfsVersion versionBits = (XfsVersion)sb.U16BigEndian(100);
        if (!versionBits.HasFlag(XfsVersion.DirectoryV2))
        {
            sb.Unsupported(100, "directories of version 1");
        }

        if (version == 4)
        {
            XfsFeatures2 unknown2 = Features2(sb) & ~XfsFeatures2.Readable;
            if (unknown2 != 0)
            {
                sb.Unsupported(200, $"feature {unknown2} (sb_features2 0x{(uint)unknown2:x})");
            }

            return 0;
        }

        XfsIncompat incompat = (XfsIncompat)sb.U32BigEndian(216); // sb_features_incompat
        XfsIncompat unknown = incompat & ~XfsIncompat.Readable;
        if (unknown != 0)
        {
            sb.Unsupported(216, $"incompatible feature {FeatureBits((uint)unknown)}, unknown here (sb_features_incompat 0x{(uint)unknown:x})");
        }

        return incompat;
    }

    private static XfsFeatures2 Features2(StructReader sb) =>
        ((XfsVersion)sb.U16BigEndian(100)).HasFlag(XfsVersion.MoreBits)
            ? (XfsFeatures2)(sb.U32BigEndian(200) | sb.U32BigEndian(204)) // sb_bad_features2: where old 64-bit kernels wrote it
            : 0;

    private static string FeatureBits(uint bits)
    {
        List<string> names = [];
        for (; bits != 0; bits &= bits - 1)
        {
            names.Add($"bit {BitOperations.TrailingZeroCount(bits)}");
        }

        return string.Join(", ", names);
    }
}

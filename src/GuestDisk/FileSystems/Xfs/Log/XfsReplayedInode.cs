using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>Puts an inode together as it is after replay: the log has cores in the writer's byte order (xfs_log_dinode_to_disk).</summary>
internal static class XfsReplayedInode
{
    private const ushort Magic = 0x494E; // "IN"
    private const int VersionOffset = 4;
    private const int OldLinksOffset = 6;
    private const int TimesOffset = 32;
    private const int ForkStartV3 = 176;
    private const int ForkStartV2 = 100;
    private const int CoreBytesV2 = 96; // up to di_next_unlinked
    private const int Flags2Offset = 120;
    private const ulong BigTimeFlag = 1 << 3; // XFS_DIFLAG2_BIGTIME
    private const int RootHeaderOnDisk = 4;   // xfs_bmdr_block
    private const int TreeEntryBytes = 16;
    private const int KeyBytes = 8;

    /// <summary>Numbers of the core by their place; what is missing is times, or bytes alone, or not replayed: di_next_unlinked, di_crc, di_lsn.</summary>
    private static readonly (byte Offset, byte Bytes)[] Numbers =
    [
        (0, 2), (2, 2), (8, 4), (12, 4), (16, 4), (20, 2), (22, 2), (24, 8), (56, 8), (64, 8), (72, 4), (76, 4), (80, 2), (84, 4), (88, 2), (90, 2), (92, 4),
        (104, 8), (120, 8), (128, 4), (152, 8),
    ];

    /// <summary>Bytes of a logged core: xfs_log_dinode_size.</summary>
    public static int CoreBytes(XfsSuperblock sb) => sb.IsV5 ? ForkStartV3 : CoreBytesV2;

    /// <summary>Where an inode's forks begin.</summary>
    public static int ForkStart(XfsSuperblock sb) => sb.IsV5 ? ForkStartV3 : ForkStartV2;

    /// <summary>Header of a tree's root in memory: that of a block (XFS_BMBT_BLOCK_LEN).</summary>
    public static int RootHeaderInMemory(XfsSuperblock sb) => sb.IsV5 ? 72 : 24;

    /// <summary>Changes an inode, which is there as it was before; <paramref name="number"/> is its own.</summary>
    public static void Apply(XfsSuperblock sb, XfsLogBytes log, XfsInodeChange change, ulong number, Span<byte> inode)
    {
        if (change.IsCreated)
        {
            Create(sb, change.Generation, number, inode);
        }

        if (change.Core.IsNone)
        {
            return;
        }

        Span<byte> core = stackalloc byte[ForkStartV3];
        core = core[..CoreBytes(sb)];
        log.Read(change.Core, core);
        ConvertCore(core, inode);
        if (change.Fork.IsNone)
        {
            return;
        }

        Span<byte> place = inode[ForkStart(sb)..];
        if (change.ForkKind == XfsLoggedFork.Bytes)
        {
            log.Read(change.Fork, place[..change.ForkLength]);
        }
        else
        {
            byte[] root = new byte[change.ForkLength];
            log.Read(change.Fork, root);
            ConvertRoot(root, RootHeaderInMemory(sb), change.ForkOffset == 0 ? place : place[..(change.ForkOffset << 3)]);
        }
    }

    /// <summary>xfs_ialloc_inode_init: a free inode, with nothing but what says where it belongs.</summary>
    private static void Create(XfsSuperblock sb, uint generation, ulong number, Span<byte> inode)
    {
        inode.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(inode, Magic);
        inode[VersionOffset] = 3;
        BinaryPrimitives.WriteUInt32BigEndian(inode[92..], generation);    // di_gen
        BinaryPrimitives.WriteUInt32BigEndian(inode[96..], uint.MaxValue); // di_next_unlinked: NULLAGINO
        BinaryPrimitives.WriteUInt64BigEndian(inode[152..], number);       // di_ino
        sb.MetaUuid.CopyTo(inode[160..]);
    }

    private static void ConvertCore(ReadOnlySpan<byte> core, Span<byte> inode)
    {
        bool isV3 = core[VersionOffset] == 3 && core.Length == ForkStartV3;
        bool hasBigTimes = isV3 && (BinaryPrimitives.ReadUInt64LittleEndian(core[Flags2Offset..]) & BigTimeFlag) != 0;
        core.Slice(VersionOffset, 2).CopyTo(inode[VersionOffset..]); // di_version, di_format
        core.Slice(82, 2).CopyTo(inode[82..]);                       // di_forkoff, di_aformat
        inode.Slice(OldLinksOffset, sizeof(ushort)).Clear();         // di_onlink; di_metatype is of no use here
        foreach ((byte offset, byte bytes) in Numbers)
        {
            if (offset < core.Length)
            {
                Reverse(core, inode, offset, bytes);
            }
        }

        for (int time = TimesOffset; time <= (isV3 ? 144 : 48); time = time == 48 ? 144 : time + 8) // di_atime, di_mtime, di_ctime; di_crtime
        {
            if (hasBigTimes)
            {
                Reverse(core, inode, time, sizeof(ulong));
            }
            else
            {
                Reverse(core, inode, time, sizeof(uint));
                Reverse(core, inode, time + sizeof(uint), sizeof(uint));
            }
        }

        if (isV3)
        {
            core.Slice(132, 12).CopyTo(inode[132..]); // di_pad2
            core.Slice(160, 16).CopyTo(inode[160..]); // di_uuid
        }
    }

    private static void Reverse(ReadOnlySpan<byte> core, Span<byte> inode, int offset, int bytes)
    {
        core.Slice(offset, bytes).CopyTo(inode[offset..]);
        inode.Slice(offset, bytes).Reverse();
    }

    /// <summary>xfs_bmbt_to_bmdr: only level and count are kept of the header, and pointers stand where the fork's size puts them. The caller has checked the count.</summary>
    private static void ConvertRoot(ReadOnlySpan<byte> root, int header, Span<byte> fork)
    {
        int count = BinaryPrimitives.ReadUInt16BigEndian(root[6..]);
        int room = (root.Length - header) / TreeEntryBytes;
        int roomOnDisk = (fork.Length - RootHeaderOnDisk) / TreeEntryBytes;
        root.Slice(4, RootHeaderOnDisk).CopyTo(fork); // bb_level, bb_numrecs
        root.Slice(header, count * KeyBytes).CopyTo(fork[RootHeaderOnDisk..]);
        root.Slice(header + (room * KeyBytes), count * KeyBytes).CopyTo(fork[(RootHeaderOnDisk + (roomOnDisk * KeyBytes))..]);
    }
}

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>
/// Where a kind of version 5 metadata block keeps what it says of itself (Linux' "Self Describing Metadata"): checksum, its own place in
/// sectors of 512 bytes, the filesystem's UUID and the inode that owns it.
/// </summary>
internal readonly record struct XfsSelfDescription(int Crc, int BlockNumber, int Uuid, int Owner)
{
    private const int BasicBlockLog = 9;
    private const int UuidBytes = 16;

    /// <summary>xfs_dir3_blk_hdr.</summary>
    public static readonly XfsSelfDescription DirectoryData = new(Crc: 4, BlockNumber: 8, Uuid: 24, Owner: 40);

    /// <summary>xfs_da3_blkinfo.</summary>
    public static readonly XfsSelfDescription DirectoryIndex = new(Crc: 12, BlockNumber: 16, Uuid: 32, Owner: 48);

    /// <summary>xfs_btree_block with 32-bit pointers: free space, inodes and the like of an allocation group.</summary>
    public static readonly XfsSelfDescription GroupTree = new(Crc: 52, BlockNumber: 16, Uuid: 32, Owner: 48);

    /// <summary>xfs_btree_block with 64-bit pointers.</summary>
    public static readonly XfsSelfDescription ExtentTree = new(Crc: 64, BlockNumber: 24, Uuid: 40, Owner: 56);

    /// <summary>xfs_dsymlink_hdr.</summary>
    public static readonly XfsSelfDescription Symlink = new(Crc: 12, BlockNumber: 40, Uuid: 16, Owner: 32);

    /// <summary>Where the LSN of its last write is.</summary>
    public int Lsn => BlockNumber + sizeof(ulong);

    /// <summary>Checks a block of version 5.</summary>
    /// <param name="block">Reader over all of <paramref name="bytes"/>.</param>
    /// <param name="bytes">The block.</param>
    /// <param name="place">Where it was read.</param>
    /// <param name="owner">The inode it was reached from; null where its blocks may say another.</param>
    /// <param name="superblock">The filesystem.</param>
    /// <exception cref="ImageFormatException">Something differs.</exception>
    public void Check(StructReader block, ReadOnlySpan<byte> bytes, XfsPlace place, ulong? owner, XfsSuperblock superblock)
    {
        if (!place.IsReplayed && !XfsChecksum.Matches(bytes, Crc))
        {
            block.Corrupt(Crc, $"checksum does not match (inode {owner})");
        }

        if (block.U64BigEndian(BlockNumber) != (ulong)place.Offset >> BasicBlockLog)
        {
            block.Corrupt(BlockNumber, $"says that it stands at sector {block.U64BigEndian(BlockNumber)}");
        }

        if (!block.Bytes(Uuid, UuidBytes).SequenceEqual(superblock.MetaUuid))
        {
            block.Corrupt(Uuid, "has another filesystem's UUID");
        }

        if (owner is not null && block.U64BigEndian(Owner) != owner)
        {
            block.Corrupt(Owner, $"belongs to inode {block.U64BigEndian(Owner)}, not to {owner}");
        }
    }
}

/// <summary>Where a block of metadata was read.</summary>
/// <param name="Offset">Its first byte in the source.</param>
/// <param name="IsReplayed">Whether some of it is the log's, so that its checksum says nothing.</param>
internal readonly record struct XfsPlace(long Offset, bool IsReplayed);

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>
/// A directory in blocks: of one (block form), or data blocks with a hash index behind them in the directory's own address space, from
/// 32 GiB on (leaf and node form). The format changes with the content, so what a block is, its magic number says.
/// </summary>
internal sealed class XfsDirectory(XfsVolume volume, XfsInodeCore inode, XfsExtentMap map)
{
    /// <summary>Log2 of XFS_DIR2_LEAF_OFFSET: where the index begins, in bytes of the directory's address space.</summary>
    public const int IndexOffsetLog = 35;

    private const string StructureName = "XFS directory";

    private readonly XfsSuperblock _superblock = volume.Superblock;

    /// <summary>Blocks of the filesystem in a block of the directory.</summary>
    private int BlocksEach => 1 << (_superblock.DirectoryBlockLog - _superblock.BlockLog);

    /// <summary>First filesystem block of the index.</summary>
    private ulong IndexStart => 1UL << (IndexOffsetLog - _superblock.BlockLog);

    /// <summary>All entries, data block by data block.</summary>
    /// <exception cref="ImageFormatException">The directory is corrupt or without bounds.</exception>
    public IEnumerable<DirectoryEntry> List()
    {
        long listed = 0;
        long walked = 0;
        (long prefetchedFrom, long prefetchedTo) = (0, 0);
        ulong block = 0;
        ulong end = DataEnd();
        while (block < end)
        {
            XfsMapping mapping = map.Find(block);
            if (mapping.IsHole)
            {
                block = RoundUp(mapping.End); // a data block that became empty was given back
                continue;
            }

            walked += _superblock.DirectoryBlockSize;
            if (walked > XfsLimits.MaxDirectoryBytes)
            {
                throw Bad(ImageFault.OverLimit, $"more than {XfsLimits.MaxDirectoryBytes} bytes");
            }

            if (mapping.Offset < prefetchedFrom || mapping.Offset >= prefetchedTo)
            {
                prefetchedFrom = mapping.Offset;
                prefetchedTo = volume.Prefetch(mapping.Offset, (long)Math.Min(mapping.End - block, end - block) << _superblock.BlockLog);
            }

            foreach (DirectoryEntry entry in ReadData(block).Entries())
            {
                if (++listed > Limits.MaxDirectoryEntries)
                {
                    throw Bad(ImageFault.OverLimit, $"more than {Limits.MaxDirectoryEntries} entries");
                }

                yield return entry;
            }

            block += (ulong)BlocksEach;
        }
    }

    /// <summary>The inode number of a name, or null. Through the hash index where there is one.</summary>
    /// <exception cref="ImageFormatException">The directory is corrupt.</exception>
    public ulong? Find(ReadOnlySpan<byte> name)
    {
        if (map.Find(IndexStart).IsHole)
        {
            // Block form: everything is in block 0.
            return map.Find(0).IsHole ? null : XfsNames.FindIn(_superblock, ReadData(0).Entries(), name);
        }

        ulong? folded = null;
        foreach (uint address in new XfsDirectoryIndex(volume.SourceName, _superblock, inode.Number, ReadIndexBlock)
            .Addresses(XfsNames.Hash(_superblock, name)))
        {
            long position = (long)address << 3; // xfs_dir2_dataptr_t counts in 8 bytes
            long directoryBlock = position >> _superblock.DirectoryBlockLog;
            DirectoryEntry entry = ReadData((ulong)(directoryBlock * BlocksEach)).EntryAt((int)(position & (_superblock.DirectoryBlockSize - 1)));
            if (entry.Name.Span.SequenceEqual(name))
            {
                return entry.Number;
            }

            if (folded is null && XfsNames.Same(_superblock, entry.Name.Span, name))
            {
                folded = entry.Number;
            }
        }

        return folded;
    }

    /// <summary>First filesystem block behind the data blocks.</summary>
    private ulong DataEnd()
    {
        ulong blocks = ((ulong)inode.Size + (ulong)_superblock.BlockSize - 1) >> _superblock.BlockLog;
        return Math.Min(blocks, IndexStart);
    }

    private ulong RoundUp(ulong block)
    {
        ulong each = (ulong)BlocksEach;
        return block > IndexStart ? IndexStart : (block + each - 1) / each * each;
    }

    private XfsDirectoryBlock ReadData(ulong block)
    {
        byte[] bytes = ReadBlock(block, out XfsPlace place);
        return new XfsDirectoryBlock(volume, bytes, place, inode.Number);
    }

    /// <summary>A block of the index, by its number in the directory's address space (xfs_dablk_t).</summary>
    private byte[] ReadIndexBlock(uint block, out XfsPlace place)
    {
        if (block < IndexStart)
        {
            throw Bad(ImageFault.Corrupt, $"its index points to block {block}, before the index");
        }

        return ReadBlock(block, out place);
    }

    /// <summary>A directory block, which may be in several places.</summary>
    /// <param name="block">Its first filesystem block.</param>
    /// <param name="place">Where its first byte stands.</param>
    private byte[] ReadBlock(ulong block, out XfsPlace place)
    {
        XfsMapping first = Mapped(block);
        if (first.End - block >= (ulong)BlocksEach)
        {
            place = new XfsPlace(first.Offset, volume.IsReplayed(first.Offset, _superblock.DirectoryBlockSize));
            return volume.ReadMetadata(first.Offset, _superblock.DirectoryBlockSize);
        }

        byte[] bytes = new byte[_superblock.DirectoryBlockSize];
        bool isReplayed = false;
        for (int i = 0; i < BlocksEach; i++)
        {
            XfsMapping piece = Mapped(block + (ulong)i);
            volume.ReadMetadata(piece.Offset, _superblock.BlockSize).CopyTo(bytes, i << _superblock.BlockLog);
            isReplayed |= volume.IsReplayed(piece.Offset, _superblock.BlockSize);
        }

        place = new XfsPlace(first.Offset, isReplayed);
        return bytes;
    }

    private XfsMapping Mapped(ulong block)
    {
        XfsMapping mapping = map.Find(block);
        return mapping.IsHole || mapping.IsUnwritten ? throw Bad(ImageFault.Corrupt, $"block {block} is missing") : mapping;
    }

    private ImageFormatException Bad(ImageFault fault, string problem) =>
        new(fault, StructureName, volume.SourceName, inode.Offset, $"inode {inode.Number}: {problem}");
}

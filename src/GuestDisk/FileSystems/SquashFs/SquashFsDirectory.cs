namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>A directory's listing: headers, each with up to 256 entries whose inodes are in one metadata block; sorted by name, with an index where it is long.</summary>
internal readonly struct SquashFsDirectory(SquashFsVolume volume, SquashFsInode inode)
{
    public const string StructureName = "SquashFS directory";

    private const int SizeOfNothing = 3; // Linux: squashfs_readdir begins at 3, for "." and ".."
    private const int HeaderBytes = 12;
    private const int EntryBytes = 8;

    /// <summary>All entries, in the disk's order.</summary>
    public IEnumerable<DirectoryEntry> List() => List(0, (uint)inode.StartBlock);

    /// <summary>The number of the inode of a name.</summary>
    public ulong? Find(ReadOnlySpan<byte> name)
    {
        (uint from, uint block) = Place(name);
        foreach (DirectoryEntry entry in List(from, block))
        {
            int order = entry.Name.Span.SequenceCompareTo(name);
            if (order == 0)
            {
                return entry.Number;
            }

            // Sorted, as mksquashfs writes it and Linux wants it. Without an index all are looked at: others' tools may not sort.
            if (order > 0 && inode.Indexes > 0)
            {
                return null;
            }
        }

        return null;
    }

    /// <param name="from">Byte of the listing.</param>
    /// <param name="metadataBlock">The metadata block that it stands in.</param>
    private IEnumerable<DirectoryEntry> List(uint from, uint metadataBlock)
    {
        long left = inode.Size - SizeOfNothing - from;
        if (left <= 0)
        {
            yield break;
        }

        // Every metadata block but the table's last unpacks to 8 KiB.
        SquashFsCursor cursor = volume.DirectoryAt(metadataBlock, (int)((inode.Offset + (long)from) % SquashFsLimits.MetadataBytes));
        int entries = 0;
        while (left > 0)
        {
            long count = cursor.ReadUInt32() + 1L;
            uint block = cursor.ReadUInt32();
            cursor.Skip(sizeof(uint)); // inode_number
            left -= HeaderBytes;
            entries += (int)Math.Min(count, SquashFsLimits.MaxEntriesOfHeader);
            if (count > SquashFsLimits.MaxEntriesOfHeader)
            {
                volume.Throw(ImageFault.Corrupt, StructureName, -1, $"of inode 0x{inode.Number:x}: a header of {count} entries");
            }

            if (entries > Limits.MaxDirectoryEntries)
            {
                volume.Throw(ImageFault.OverLimit, StructureName, -1, $"of inode 0x{inode.Number:x}: more than {Limits.MaxDirectoryEntries} entries");
            }

            for (; count > 0; count--)
            {
                ushort offset = cursor.ReadUInt16();
                cursor.Skip(sizeof(ushort) * 2); // inode_number's difference, type
                byte[] name = Name(ref cursor, cursor.ReadUInt16());
                left -= EntryBytes + name.Length;
                yield return new DirectoryEntry(name, SquashFsVolume.Reference(block, offset));
            }
        }

        if (left < 0)
        {
            volume.Throw(ImageFault.Corrupt, StructureName, -1, $"of inode 0x{inode.Number:x}: its last entry is longer than it");
        }
    }

    private byte[] Name(ref SquashFsCursor cursor, long lengthLessOne)
    {
        if (lengthLessOne >= SquashFsLimits.MaxNameBytes)
        {
            volume.Throw(ImageFault.Corrupt, StructureName, -1, $"of inode 0x{inode.Number:x}: a name of {lengthLessOne + 1} bytes");
        }

        return cursor.ReadBytes((int)lengthLessOne + 1);
    }

    /// <summary>The byte of the listing that a name can't stand before, and its metadata block: where the last header begins whose first name isn't behind it.</summary>
    private (uint From, uint Block) Place(ReadOnlySpan<byte> name)
    {
        (uint From, uint Block) place = (0, (uint)inode.StartBlock);
        SquashFsCursor cursor = inode.Rest;
        for (int i = 0; i < inode.Indexes; i++)
        {
            uint index = cursor.ReadUInt32();
            uint block = cursor.ReadUInt32();
            byte[] first = Name(ref cursor, cursor.ReadUInt32());
            if (first.AsSpan().SequenceCompareTo(name) > 0)
            {
                break;
            }

            if (index < place.From || index >= inode.Size)
            {
                volume.Throw(ImageFault.Corrupt, StructureName, -1, $"of inode 0x{inode.Number:x}: its index leads to byte {index} of {inode.Size}");
            }

            place = (index, block);
        }

        return place;
    }
}

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>A directory inside its inode (xfs_dir2_sf).</summary>
internal static class XfsShortDirectory
{
    private const string StructureName = "XFS short-form directory";
    private const int EntryHeader = 3; // namelen, offset

    /// <summary>Its entries.</summary>
    /// <exception cref="ImageFormatException">It is corrupt.</exception>
    public static List<DirectoryEntry> Parse(XfsVolume volume, XfsInodeCore inode)
    {
        StructReader fork = inode.ForkReader(StructureName, volume.SourceName);
        if (inode.Size > fork.Length)
        {
            fork.Corrupt(0, $"inode {inode.Number}: {inode.Size} bytes in a fork of {fork.Length}");
        }

        StructReader directory = fork.Inner(StructureName, 0, (int)inode.Size);
        // Eight-byte inode numbers where one of them, or the parent's, needs more than 32 bits: i8count says how many do.
        bool isWide = directory.U8(1) != 0;
        int numberBytes = isWide ? sizeof(ulong) : sizeof(uint);
        int count = directory.U8(0);
        int typeBytes = volume.Superblock.HasFileType ? 1 : 0;
        int at = 2 + numberBytes;
        List<DirectoryEntry> entries = new(count);
        for (int i = 0; i < count; i++)
        {
            int nameLength = directory.U8(at);
            ReadOnlySpan<byte> name = directory.Bytes(at + EntryHeader, nameLength);
            int numberAt = at + EntryHeader + nameLength + typeBytes;
            ulong number = isWide ? directory.U64BigEndian(numberAt) : directory.U32BigEndian(numberAt);
            if (!XfsNames.IsValid(name))
            {
                directory.Corrupt(at, $"inode {inode.Number}: entry {i} has no valid name");
            }

            if (!XfsNames.IsDot(name))
            {
                entries.Add(new DirectoryEntry(name.ToArray(), number));
            }

            at = numberAt + numberBytes;
        }

        if (at != directory.Length)
        {
            directory.Corrupt(0, $"inode {inode.Number}: its {count} entries end at byte {at} of {directory.Length}");
        }

        return entries;
    }
}

namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>A name in a directory (btrfs_dir_item).</summary>
/// <param name="Location">The inode's or the subvolume's key.</param>
/// <param name="Name">Its bytes.</param>
internal readonly record struct BtrfsDirEntry(BtrfsKey Location, ReadOnlyMemory<byte> Name)
{
    private const string StructureName = "Btrfs directory entry";
    private const int FixedBytes = 30;
    private const int MaxNameBytes = 255; // BTRFS_NAME_LEN

    /// <summary>Whether it leads to another subvolume.</summary>
    public bool IsSubvolume => Location.Type == BtrfsItemType.RootItem;

    /// <summary>Key offset of a name's DIR_ITEM (btrfs_name_hash).</summary>
    public static ulong Hash(ReadOnlySpan<byte> name) => Crc32C.Append(unchecked((uint)~1), name);

    /// <summary>The entries of an item: one of an index, all of a hash.</summary>
    /// <exception cref="ImageFormatException">The item is corrupt.</exception>
    public static List<BtrfsDirEntry> Read(BtrfsItem item)
    {
        List<BtrfsDirEntry> entries = [];
        StructReader reader = item.Reader(StructureName);
        for (int at = 0; at < reader.Length;)
        {
            int dataLength = reader.U16(at + 25);
            int nameLength = reader.U16(at + 27);
            BtrfsKey location = BtrfsKey.Read(reader, at);
            if (nameLength is 0 or > MaxNameBytes || reader.Bytes(at + FixedBytes, nameLength).ContainsAny((byte)0, (byte)'/'))
            {
                reader.Corrupt(at + 27, $"directory {item.Key.ObjectId}: a name of {nameLength} bytes that is none");
            }

            if (location.Type is not (BtrfsItemType.InodeItem or BtrfsItemType.RootItem))
            {
                reader.Corrupt(at, $"directory {item.Key.ObjectId}: leads to {location}");
            }

            entries.Add(new BtrfsDirEntry(location, item.Data.Slice(at + FixedBytes, nameLength)));
            at += FixedBytes + nameLength + dataLength;
        }

        return entries;
    }
}

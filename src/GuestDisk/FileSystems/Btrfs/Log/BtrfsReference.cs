namespace BlockRbd.GuestDisk.FileSystems.Btrfs.Log;

/// <summary>One of an inode's names (btrfs_inode_ref, btrfs_inode_extref).</summary>
/// <param name="Inode">The inode.</param>
/// <param name="Directory">Where the name is.</param>
/// <param name="Index">Its place in the directory.</param>
/// <param name="Name">Its bytes.</param>
internal readonly record struct BtrfsReference(ulong Inode, ulong Directory, ulong Index, ReadOnlyMemory<byte> Name)
{
    private const string StructureName = "Btrfs inode reference";
    private const int FixedBytes = 10;    // btrfs_inode_ref: index, name_len
    private const int ExtFixedBytes = 18; // btrfs_inode_extref: parent, index, name_len

    /// <summary>The names of an item.</summary>
    /// <exception cref="ImageFormatException">The item is corrupt.</exception>
    public static List<BtrfsReference> Read(BtrfsItem item)
    {
        bool isExtended = item.Key.Type == BtrfsItemType.InodeExtref;
        int shift = isExtended ? sizeof(ulong) : 0;
        int fixedBytes = isExtended ? ExtFixedBytes : FixedBytes;
        List<BtrfsReference> references = [];
        StructReader reader = item.Reader(StructureName);
        for (int at = 0; at < reader.Length;)
        {
            int length = reader.U16(at + shift + 8);
            if (length == 0 || reader.Bytes(at + fixedBytes, length).ContainsAny((byte)0, (byte)'/'))
            {
                reader.Corrupt(at, $"inode {item.Key.ObjectId}: a name of {length} bytes that is none");
            }

            references.Add(new(
                item.Key.ObjectId, isExtended ? reader.U64(at) : item.Key.Offset, reader.U64(at + shift), item.Data.Slice(at + fixedBytes, length)));
            at += fixedBytes + length;
        }

        return references;
    }

    /// <summary>All names that an inode has in a directory.</summary>
    /// <exception cref="ImageFormatException">An item is corrupt.</exception>
    public static IEnumerable<BtrfsReference> Of(BtrfsTree tree, ulong inode, ulong directory)
    {
        IEnumerable<BtrfsItem> items = tree.Find(new BtrfsKey(inode, BtrfsItemType.InodeRef, directory)) is { } item ? [item] : [];
        return items.Concat(tree.Of(inode, BtrfsItemType.InodeExtref)).SelectMany(Read).Where(reference => reference.Directory == directory);
    }

    public bool Is(ReadOnlySpan<byte> name) => Name.Span.SequenceEqual(name);
}

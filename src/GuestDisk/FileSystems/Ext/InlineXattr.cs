namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>The extended attributes inside an inode's record, searched for the one that holds inline data.</summary>
internal static class InlineXattr
{
    private const uint Magic = 0xEA020000; // h_magic
    private const byte SystemIndex = 7; // e_name_index: EXT4_XATTR_INDEX_SYSTEM
    private const int EntryHeader = 16;

    /// <summary>The value of system.data; empty where it isn't there.</summary>
    /// <param name="inode">The record.</param>
    /// <param name="start">First byte behind the record's fixed fields.</param>
    public static ReadOnlySpan<byte> FindSystemData(StructReader inode, int start)
    {
        if (inode.Length < start + sizeof(uint) || inode.U32(start) != Magic)
        {
            return default;
        }

        // attributes.rst: entries follow the magic number; value offsets count from the first entry; four zero bytes end them.
        int first = start + sizeof(uint);
        int at = first;
        while (at + sizeof(uint) <= inode.Length && inode.U32(at) != 0)
        {
            int nameLength = inode.U8(at);
            if (inode.U8(at + 1) == SystemIndex && inode.Bytes(at + EntryHeader, nameLength).SequenceEqual("data"u8))
            {
                return Value(inode, first, at);
            }

            at += EntryHeader + ((nameLength + 3) & ~3);
        }

        return default;
    }

    private static ReadOnlySpan<byte> Value(StructReader inode, int first, int entry)
    {
        uint size = inode.U32(entry + 8); // e_value_size
        if (inode.U32(entry + 4) != 0) // e_value_inum
        {
            inode.Corrupt(entry + 4, "inline data in an attribute's own inode");
        }

        int start = first + inode.U16(entry + 2); // e_value_offs
        if (size == 0)
        {
            return default;
        }

        if (start > inode.Length || size > (uint)(inode.Length - start))
        {
            inode.Corrupt(entry + 2, $"inline data of {size} bytes at +{start} in a record of {inode.Length}");
        }

        return inode.Bytes(start, (int)size);
    }
}

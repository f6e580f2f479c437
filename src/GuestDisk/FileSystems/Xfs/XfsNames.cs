using System.Numerics;

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>Names as the kernel hashes and compares them (xfs_da_hashname, xfs_ascii_ci_hashname, xfs_ascii_ci_compname).</summary>
internal static class XfsNames
{
    /// <summary>The hash under which a directory's index keeps a name.</summary>
    public static uint Hash(XfsSuperblock superblock, ReadOnlySpan<byte> name)
    {
        uint hash = 0;
        if (superblock.IsAsciiCaseInsensitive)
        {
            foreach (byte b in name)
            {
                hash = Fold(b) ^ BitOperations.RotateLeft(hash, 7);
            }

            return hash;
        }

        for (; name.Length >= 4; name = name[4..])
        {
            hash = ((uint)name[0] << 21) ^ ((uint)name[1] << 14) ^ ((uint)name[2] << 7) ^ name[3] ^ BitOperations.RotateLeft(hash, 28);
        }

        return name.Length switch
        {
            3 => ((uint)name[0] << 14) ^ ((uint)name[1] << 7) ^ name[2] ^ BitOperations.RotateLeft(hash, 21),
            2 => ((uint)name[0] << 7) ^ name[1] ^ BitOperations.RotateLeft(hash, 14),
            1 => name[0] ^ BitOperations.RotateLeft(hash, 7),
            _ => hash,
        };
    }

    /// <summary>Whether two names are the same to this filesystem.</summary>
    public static bool Same(XfsSuperblock superblock, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (!superblock.IsAsciiCaseInsensitive || a.Length != b.Length)
        {
            return a.SequenceEqual(b);
        }

        for (int i = 0; i < a.Length; i++)
        {
            if (Fold(a[i]) != Fold(b[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The inode of a name among entries; an exact match goes before one that differs in case.</summary>
    public static ulong? FindIn(XfsSuperblock superblock, List<DirectoryEntry> entries, ReadOnlySpan<byte> name)
    {
        ulong? folded = null;
        foreach (DirectoryEntry entry in entries)
        {
            if (entry.Name.Span.SequenceEqual(name))
            {
                return entry.Number;
            }

            if (superblock.IsAsciiCaseInsensitive && folded is null && Same(superblock, entry.Name.Span, name))
            {
                folded = entry.Number;
            }
        }

        return folded;
    }

    /// <summary>Whether this is one of the two names that every directory has and no reader lists.</summary>
    public static bool IsDot(ReadOnlySpan<byte> name) => name is [(byte)'.'] or [(byte)'.', (byte)'.'];

    /// <summary>Whether a directory may hold the name (xfs_dir2_namecheck).</summary>
    public static bool IsValid(ReadOnlySpan<byte> name) => !name.IsEmpty && name.IndexOfAny((byte)0, (byte)'/') < 0;

    /// <summary>ISO 8859-1 capitals to small letters (xfs_ascii_ci_xfrm).</summary>
    private static byte Fold(byte b) => b is (>= 0x41 and <= 0x5A) or (>= 0xC0 and <= 0xD6) or (>= 0xD8 and <= 0xDE) ? (byte)(b + 0x20) : b;
}

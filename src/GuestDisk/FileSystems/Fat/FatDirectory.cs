namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>A directory's files, in the disk's order.</summary>
internal sealed class FatDirectory(FatVolume volume, FatContent content)
{
    /// <summary>Every file and directory of it, without "." and "..", and without names that no path can have.</summary>
    public IEnumerable<FatFile> List()
    {
        byte[] window = new byte[FatLimits.DirectoryWindowBytes];
        FatLongName longName = new();
        for (long at = 0; at < content.Length; at += window.Length)
        {
            int count = content.Read(at, window);
            for (int i = 0; i + FatRecord.Bytes <= count; i += FatRecord.Bytes)
            {
                if (window[i] == 0)
                {
                    yield break; // fatgen103, page 23: nothing is behind it
                }

                if (Take(window, i, at, longName) is { } file)
                {
                    yield return file;
                }
            }
        }
    }

    /// <summary>
    /// The file of a name, long or short, ASCII letters of either case: as GRUB compares (its fat.c: grub_strcasecmp), and Linux with UTF-8. Linux finds a
    /// name with dots behind it as well (vfat_striptail_len).
    /// </summary>
    public FatFile? Find(ReadOnlySpan<byte> name)
    {
        name = name.TrimEnd((byte)'.');
        foreach (FatFile file in List())
        {
            if (IsSame(name, file.Name.AsSpan().TrimEnd((byte)'.')) || IsSame(name, file.ShortName))
            {
                return file;
            }
        }

        return null;
    }

    private static bool IsSame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other)
    {
        if (name.Length != other.Length)
        {
            return false;
        }

        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] != other[i] && !((name[i] ^ other[i]) == 0x20 && char.IsAsciiLetter((char)name[i])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The volume's label, from its root directory: DIR_Name of the first entry with ATTR_VOLUME_ID, without padding; empty where there is none.</summary>
    public byte[] Label()
    {
        byte[] window = new byte[FatLimits.DirectoryWindowBytes];
        for (long at = 0; at < content.Length; at += window.Length)
        {
            int count = content.Read(at, window);
            for (int i = 0; i + FatRecord.Bytes <= count; i += FatRecord.Bytes)
            {
                FatRecord record = new(window.AsSpan(i));
                if (record.IsEnd)
                {
                    return [];
                }

                if (!record.IsDeleted && record.IsLabel && !record.Attributes.HasFlag(FatAttributes.Directory))
                {
                    byte[] label = record.Name.TrimEnd((byte)' ').ToArray();
                    return label is [0x05, ..] ? [0xE5, .. label[1..]] : label;
                }
            }
        }

        return [];
    }

    private FatFile? Take(byte[] window, int index, long at, FatLongName longName)
    {
        FatRecord record = new(window.AsSpan(index));
        if (record.IsDeleted || record.IsLabel)
        {
            longName.Clear();
            return null;
        }

        if (record.IsLongName)
        {
            longName.Add(record);
            return null;
        }

        byte[]? taken = longName.Take(record.Name);
        if (record.Name[0] == (byte)'.')
        {
            return null; // "." and "..": no other short name begins so
        }

        FatFile file = FatFile.Of(volume, content.Locate(at + index), record, taken);
        return file.Name is [(byte)'.'] or [(byte)'.', (byte)'.'] || file.Name.AsSpan().Contains((byte)'/') ? null : file;
    }
}

namespace BlockRbd.BootConfig;

/// <summary>A disk or partition of the guest as a boot loader sees it.</summary>
public interface IBootVolume
{
    /// <summary>GRUB's name without brackets: "hd0", "hd0,msdos1", "hd1,gpt2".</summary>
    string GrubName { get; }

    /// <summary>GRUB's name of the filesystem's driver ("ext2", "xfs"); empty where there is none that can be read.</summary>
    string FileSystem { get; }

    /// <summary>The filesystem's label; empty where there is none.</summary>
    string Label { get; }

    /// <summary>The filesystem's UUID as GRUB spells it; empty where there is none.</summary>
    string Uuid { get; }

    /// <summary>The partition's own UUID (GPT's unique GUID, or MBR's disk signature and number), as <c>probe --part-uuid</c> prints it; empty where there is none.</summary>
    string PartitionUuid { get; }

    /// <summary>Whether the MBR marks this partition as the one to boot (0x80). GRUB doesn't look at it; pygrub, and who looks for configurations, does.</summary>
    bool IsActive => false;

    /// <summary>Why no filesystem is read here, in one sentence; null where one is.</summary>
    string? Unreadable { get; }

    /// <summary>What <paramref name="path"/> (absolute, symbolic links followed inside the volume) is; null where it is nothing.</summary>
    BootFileStat? Stat(string path);

    /// <summary>The whole content of a regular file, or null where there is none of that name.</summary>
    /// <exception cref="GuestDisk.ImageFormatException">It is there but can't be read, or holds more than <paramref name="maxBytes"/>.</exception>
    byte[]? ReadFile(string path, int maxBytes);

    /// <summary>Names in a directory, without "." and "..", or null where there is no such directory.</summary>
    IReadOnlyList<string>? List(string path);
}

/// <summary>What a path in a volume is.</summary>
/// <param name="IsDirectory">A directory, else a regular file.</param>
/// <param name="Size">Bytes, for a regular file.</param>
public readonly record struct BootFileStat(bool IsDirectory, long Size)
{
    /// <summary>When it was last written, in seconds since 1970; null where the filesystem, or its reader, doesn't say.</summary>
    public long? ModifiedSeconds { get; init; }
}

/// <summary>A file of the guest: where it stands.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Path">Its path from the volume's root, with a leading slash.</param>
public sealed record BootFile(IBootVolume Volume, string Path)
{
    /// <summary>As GRUB would write it: "(hd0,gpt2)/vmlinuz".</summary>
    public override string ToString() => $"({Volume.GrubName}){Path}";
}

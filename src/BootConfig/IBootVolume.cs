namespace BlockRbd.BootConfig;

/// <summary>A disk or partition of the guest as a boot loader sees it.</summary>
public interface IBootVolume
{
    /// <summary>GRUB's name without brackets: "hd0", "hd0,msdos1", "hd1,gpt2", "lvm/vg-root".</summary>
    string GrubName { get; }

    /// <summary>Further names that GRUB has for it: "lvmid/VG-UUID/LV-UUID", "mduuid/UUID".</summary>
    IReadOnlyList<string> OtherNames => [];

    /// <summary>GRUB's name of the filesystem's driver ("ext2", "xfs"); empty where there is none that can be read.</summary>
    string FileSystem { get; }

    /// <summary>Whether it is, or is part of, a file of the guest that a boot configuration opened as a disk.</summary>
    bool IsLoop => false;

    /// <summary>The filesystem's label; empty where there is none.</summary>
    string Label { get; }

    /// <summary>The filesystem's UUID as GRUB spells it; empty where there is none.</summary>
    string Uuid { get; }

    /// <summary>The partition's own UUID (GPT's unique GUID, or MBR's disk signature and number), as <c>probe --part-uuid</c> prints it; empty where there is none.</summary>
    string PartitionUuid { get; }

    /// <summary>The partition's type, as blkid's PART_ENTRY_TYPE: "0x83", or GPT's type GUID in lower case; empty where there is none.</summary>
    string PartitionType => string.Empty;

    /// <summary>Whether the MBR marks this partition as the one to boot (0x80). GRUB doesn't look at it; pygrub, and who looks for configurations, does.</summary>
    bool IsActive => false;

    /// <summary>
    /// Directories that may be the root of an installed system, besides the volume's own: Btrfs' default subvolume, if it has one, then those at the
    /// top. Each begins with a slash.
    /// </summary>
    /// <exception cref="GuestDisk.ImageFormatException">They can't be read.</exception>
    IReadOnlyList<string> Subvolumes => [];

    /// <summary>Btrfs' default subvolume; empty where that is the volume's root.</summary>
    /// <exception cref="GuestDisk.ImageFormatException">It can't be read.</exception>
    string DefaultSubvolume => string.Empty;

    /// <summary>Why no filesystem is read here, in one sentence; null where one is.</summary>
    string? Unreadable { get; }

    /// <summary>What <paramref name="path"/> (absolute, symbolic links followed inside the volume) is; null where it is nothing.</summary>
    BootFileStat? Stat(string path);

    /// <summary>The whole content of a regular file, or null where there is none of that name.</summary>
    /// <exception cref="GuestDisk.ImageFormatException">It is there but can't be read, or holds more than <paramref name="maxBytes"/>.</exception>
    byte[]? ReadFile(string path, int maxBytes);

    /// <summary>Bytes of a regular file from <paramref name="offset"/> on: fewer than <paramref name="count"/> where it ends before; null where there is no such file.</summary>
    /// <exception cref="GuestDisk.ImageFormatException">It is there but can't be read.</exception>
    byte[]? ReadPart(string path, long offset, int count) =>
        ReadFile(path, int.MaxValue) is not { } bytes ? null
        : offset >= bytes.Length ? []
        : bytes.AsSpan((int)offset, (int)Math.Min(count, bytes.Length - offset)).ToArray();

    /// <summary>Bytes of the device itself; null where it has none of its own.</summary>
    /// <exception cref="GuestDisk.ImageFormatException">The range is not inside the device.</exception>
    byte[]? ReadSectors(long offset, int count) => null;

    /// <summary>
    /// Opens a file of this volume, or pieces of it, as a disk: what GRUB's <c>loopback</c> does. Null where this volume's files can't be opened so.
    /// </summary>
    /// <returns>The disk as a whole, then its partitions, by GRUB's names. What can't be read of them is said by <see cref="Unreadable"/>.</returns>
    /// <exception cref="GuestDisk.ImageFormatException">The file is there but can't be read, or a piece is not inside the volume.</exception>
    IReadOnlyList<IBootVolume>? OpenAsDisk(DiskContent content, string name) => null;

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

/// <summary>What is taken for a disk.</summary>
/// <param name="Name">The file's path, or the block list, as the configuration writes it behind the device.</param>
/// <param name="Pieces">Ranges of bytes of the volume itself; empty where a file is meant.</param>
public sealed record DiskContent(string Name, IReadOnlyList<(long Start, long Length)> Pieces);

/// <summary>A part of a file that is taken for a file of its own: a section of a unified kernel image.</summary>
/// <param name="Name">What it is called: ".linux".</param>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record FileSlice(string Name, long Offset, long Length);

/// <summary>A file of the guest: where it stands.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Path">Its path from the volume's root, with a leading slash.</param>
public sealed record BootFile(IBootVolume Volume, string Path)
{
    /// <summary>The part of the file that is meant; null for all of it.</summary>
    public FileSlice? Slice { get; init; }

    /// <summary>The path, and the part in brackets where only that is meant: "/EFI/Linux/a.efi[.linux]".</summary>
    public string Name => Slice is null ? Path : $"{Path}[{Slice.Name}]";

    /// <summary>As GRUB would write it: "(hd0,gpt2)/vmlinuz".</summary>
    public override string ToString() => $"({Volume.GrubName}){Name}";
}

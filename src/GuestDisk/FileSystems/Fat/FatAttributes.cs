namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>DIR_Attr; exFAT's FileAttributes have the same bits.</summary>
[Flags]
internal enum FatAttributes : byte
{
    None = 0,
    ReadOnly = 0x01,
    VolumeId = 0x08,
    Directory = 0x10,

    /// <summary>ATTR_LONG_NAME: a piece of a long name, never a file.</summary>
    LongName = 0x0F,

    /// <summary>ATTR_LONG_NAME_MASK.</summary>
    LongNameMask = 0x3F,
}

/// <summary>What Linux makes of attributes on a disk that root mounted without options.</summary>
internal static class FatModes
{
    private const int FileType = 0x8000;
    private const int DirectoryType = 0x4000;
    private const int ModeOfAll = 0x1ED; // 0755: fmask and dmask are the mounter's umask, 022
    private const int WriteBits = 0x92; // 0222

    public static FileKind Kind(this FatAttributes attributes) => attributes.HasFlag(FatAttributes.Directory) ? FileKind.Directory : FileKind.File;

    public static int Mode(this FatAttributes attributes) => attributes.Kind() == FileKind.Directory
        ? DirectoryType | ModeOfAll
        : FileType | (attributes.HasFlag(FatAttributes.ReadOnly) ? ModeOfAll & ~WriteBits : ModeOfAll);
}

namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>ilf_fields: what an inode item has (XFS_ILOG_...).</summary>
[Flags]
internal enum XfsInodeFields : uint
{
    Core = 0x001,
    Data = 0x002,
    Extents = 0x004,
    DataRoot = 0x008,
    Device = 0x010,
    AttributeData = 0x040,
    AttributeExtents = 0x080,
    AttributeRoot = 0x100,
    DataOwner = 0x200,
    AttributeOwner = 0x400,

    DataFork = Data | Extents | DataRoot,
}

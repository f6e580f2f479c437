namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>blf_flags (XFS_BLF_...); the upper five bits are the buffer's type.</summary>
[Flags]
internal enum XfsBufferFlags : ushort
{
    /// <summary>A cluster of inodes, of which only the list of the unlinked is logged here.</summary>
    InodeBuffer = 1 << 0,

    /// <summary>It is freed: what an earlier item says of it must not be replayed, it may be a file's data now.</summary>
    Cancel = 1 << 1,

    UserQuota = 1 << 2,
    ProjectQuota = 1 << 3,
    GroupQuota = 1 << 4,

    /// <summary>What no file is read with: unlinked inodes have no path, quotas are not looked at.</summary>
    NotRead = InodeBuffer | UserQuota | ProjectQuota | GroupQuota,
}

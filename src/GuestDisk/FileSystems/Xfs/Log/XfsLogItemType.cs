namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>XFS_LI_... of xfs_log_format.h: what the kernel's recovery knows.</summary>
internal enum XfsLogItemType : ushort
{
    ExtentFreeIntent = 0x1236,
    ExtentFreeDone = 0x1237,
    Inode = 0x123B,
    Buffer = 0x123C,
    Dquot = 0x123D,
    QuotaOff = 0x123E,
    InodeCreate = 0x123F,
    RmapUpdateIntent = 0x1240,
    RmapUpdateDone = 0x1241,
    RefcountUpdateIntent = 0x1242,
    RefcountUpdateDone = 0x1243,
    MapUpdateIntent = 0x1244,
    MapUpdateDone = 0x1245,
    AttributeIntent = 0x1246,
    AttributeDone = 0x1247,
    ExchangeIntent = 0x1248,
    ExchangeDone = 0x1249,
    RealtimeExtentFreeIntent = 0x124A,
    RealtimeExtentFreeDone = 0x124B,
    RealtimeRmapUpdateIntent = 0x124C,
    RealtimeRmapUpdateDone = 0x124D,
    RealtimeRefcountUpdateIntent = 0x124E,
    RealtimeRefcountUpdateDone = 0x124F,
}

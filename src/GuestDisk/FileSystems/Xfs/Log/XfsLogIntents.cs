namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>
/// Work that was announced and not reported as done: recovery does it after the replay. What frees space or keeps account of it changes no file;
/// what maps and exchanges extents of files does.
/// </summary>
internal sealed class XfsLogIntents(XfsSuperblock superblock, XfsLogChanges changes)
{
    private const int MapBytes = 48;          // xfs_bui_log_format with its one extent
    private const uint MapType = 1;           // XFS_BMAP_MAP
    private const uint UnmapType = 2;         // XFS_BMAP_UNMAP
    private const uint TypeBits = 0xFF;       // XFS_BMAP_EXTENT_TYPE_MASK
    private const uint AttributeFork = 1u << 31; // XFS_BMAP_EXTENT_ATTR_FORK
    private const uint Unwritten = 1u << 30;  // XFS_BMAP_EXTENT_UNWRITTEN
    private const uint Realtime = 1u << 29;   // XFS_BMAP_EXTENT_REALTIME
    private const ulong MaxFileBlock = (1UL << 54) - 1;

    private readonly Dictionary<ulong, Map> _maps = [];
    private readonly Dictionary<ulong, (ulong First, ulong Second)> _exchanges = [];
    private long _seen;

    /// <summary>Takes an item of any type; most are of no matter.</summary>
    /// <exception cref="ImageFormatException">It makes no sense, or there are too many.</exception>
    public void Add(XfsLogItemType type, StructReader format)
    {
        switch (type)
        {
            case XfsLogItemType.MapUpdateIntent:
                AddMap(format);
                break;
            case XfsLogItemType.MapUpdateDone:
                _maps.Remove(format.U64(8)); // bud_bui_id
                break;
            case XfsLogItemType.ExchangeIntent:
                _exchanges[format.U64(8)] = (format.U64(16), format.U64(24)); // xmi_id, xmi_inode1, xmi_inode2
                Check(format);
                break;
            case XfsLogItemType.ExchangeDone:
                _exchanges.Remove(format.U64(8)); // xmd_xmi_id
                break;
            default:
                break;
        }
    }

    /// <summary>Puts what is left to be done into the changes.</summary>
    public void Finish()
    {
        foreach (Map map in _maps.Values.OrderBy(map => map.Seen)) // the order of the log is that of recovery
        {
            changes.AddRemap(map.Inode, map.Remap);
        }

        foreach ((ulong first, ulong second) in _exchanges.Values)
        {
            changes.SetExchanging(first);
            changes.SetExchanging(second);
        }
    }

    private void AddMap(StructReader format)
    {
        if (format.Length != MapBytes || format.U32(4) != 1) // bui_nextents: XFS_BUI_MAX_FAST_EXTENTS
        {
            format.Corrupt(4, $"map intent of {format.Length} bytes with {format.U32(4)} extents");
        }

        // xfs_map_extent: me_owner, me_startblock, me_startoff, me_len, me_flags
        (ulong start, ulong fileBlock, uint length, uint flags) = (format.U64(24), format.U64(32), format.U32(40), format.U32(44));
        uint type = flags & TypeBits;
        if (type is not (MapType or UnmapType) || length == 0 || fileBlock > MaxFileBlock)
        {
            format.Corrupt(44, $"map intent of type {type} with {length} blocks at {fileBlock}");
        }

        if ((flags & (AttributeFork | Realtime)) != 0)
        {
            return; // neither is read here
        }

        if (!superblock.TryBlockOffset(start, length, out long place))
        {
            format.Corrupt(24, $"map intent with {length} blocks from block {start}");
        }

        XfsRemap remap = new(fileBlock, length, type == MapType ? place : -1, (flags & Unwritten) != 0);
        _maps[format.U64(8)] = new Map(_seen++, format.U64(16), remap); // bui_id, me_owner
        Check(format);
    }

    private void Check(StructReader format)
    {
        if (_maps.Count > XfsLimits.MaxLogIntents || _exchanges.Count > XfsLimits.MaxLogIntents)
        {
            format.OverLimit(0, $"more than {XfsLimits.MaxLogIntents} intents that were not done");
        }
    }

    private readonly record struct Map(long Seen, ulong Inode, XfsRemap Remap);
}

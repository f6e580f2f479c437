using BlockRbd.GuestDisk.FileSystems.Ext.FastCommit;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>Blocks of a file that lie side by side, or a hole.</summary>
/// <param name="Count">Blocks from the one that was asked for, at least one.</param>
/// <param name="Physical">First block on the disk, or <see cref="Zeros"/>.</param>
internal readonly record struct BlockRun(long Count, long Physical)
{
    /// <summary><see cref="Physical"/> of a hole or of blocks that were allocated but never written: they read as zeros.</summary>
    public const long Zeros = -1;

    public bool IsZeros => Physical == Zeros;
}

/// <summary>Where a file's blocks are. It holds no more than one leaf of the map, however large the file.</summary>
internal abstract class BlockMap
{
    /// <summary>The run that begins with the file's block <paramref name="logical"/>.</summary>
    public abstract BlockRun Find(long logical);

    /// <summary>The map that an inode's i_block holds, with what fast commits changed.</summary>
    public static BlockMap Of(ExtVolume volume, ExtInode inode)
    {
        BlockMap map = inode.Has(ExtInodeFlags.Extents) ? new ExtentMap(volume, inode) : new IndirectMap(volume, inode);
        return volume.Changes?.Ranges(inode.Number) is RangeChanges changes ? new ChangedMap(map, changes) : map;
    }
}

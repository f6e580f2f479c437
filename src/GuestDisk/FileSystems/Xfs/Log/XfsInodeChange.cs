namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>What the data fork's region of an inode item holds.</summary>
internal enum XfsLoggedFork : byte
{
    None,

    /// <summary>Inline data or extent records, as they stand in the inode.</summary>
    Bytes,

    /// <summary>The root of an extent tree, as it is in memory.</summary>
    TreeRoot,
}

/// <summary>An inode after replay: where in the log its last core and its last data fork are. The default is no change.</summary>
/// <param name="Core">The core (xfs_log_dinode), or none where no item had one.</param>
/// <param name="Fork">The data fork, or none.</param>
/// <param name="ForkLength">Bytes of it.</param>
/// <param name="ForkOffset">di_forkoff when it was logged: how much room it had.</param>
/// <param name="ForkKind">What it is.</param>
/// <param name="IsCreated">Whether what was there before does not count: made afresh by an XFS_LI_ICREATE.</param>
/// <param name="Generation">di_gen then.</param>
internal readonly record struct XfsInodeChange(
    XfsLogPosition Core, XfsLogPosition Fork, ushort ForkLength, byte ForkOffset, XfsLoggedFork ForkKind, bool IsCreated, uint Generation)
{
    /// <summary>Whether there is any.</summary>
    public bool Exists => IsCreated || !Core.IsNone;
}

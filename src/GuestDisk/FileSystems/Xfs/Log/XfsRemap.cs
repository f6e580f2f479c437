namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>A part of a file that recovery maps or unmaps.</summary>
/// <param name="FileBlock">Its first block in the file.</param>
/// <param name="BlockCount">How many.</param>
/// <param name="Offset">Where it stands from now on, in bytes; negative where nothing does.</param>
/// <param name="IsUnwritten">Allocated, reads as zeros.</param>
internal readonly record struct XfsRemap(ulong FileBlock, uint BlockCount, long Offset, bool IsUnwritten)
{
    /// <summary>First file block behind it.</summary>
    public ulong End => FileBlock + BlockCount;

    /// <summary>What stands at a file block, where <paramref name="remaps"/> come after <paramref name="before"/>.</summary>
    public static XfsMapping Apply(IReadOnlyList<XfsRemap> remaps, ulong fileBlock, XfsMapping before, int blockLog)
    {
        ulong end = ulong.MaxValue;
        for (int i = remaps.Count - 1; i >= 0; i--)
        {
            XfsRemap remap = remaps[i];
            if (remap.FileBlock > fileBlock)
            {
                end = Math.Min(end, remap.FileBlock);
            }
            else if (remap.End > fileBlock)
            {
                end = Math.Min(end, remap.End);
                return remap.Offset < 0
                    ? XfsMapping.Hole(end)
                    : new XfsMapping(IsHole: false, remap.IsUnwritten, remap.Offset + ((long)(fileBlock - remap.FileBlock) << blockLog), end);
            }
        }

        return before with { End = Math.Min(before.End, end) };
    }
}

namespace BlockRbd.GuestDisk.FileSystems.Ext.FastCommit;

/// <summary>Ranges of a file's blocks that fast commits mapped anew, sorted and without overlap.</summary>
internal sealed class RangeChanges
{
    private readonly List<Range> _ranges = [];

    /// <summary>Maps a range; whatever was said of its blocks before is forgotten.</summary>
    public void Set(long first, long count, long physical)
    {
        if (count == 0)
        {
            return;
        }

        long end = first + count;
        int from = IndexOfFirstEndingBehind(first);
        int to = from;
        List<Range> pieces = [];
        while (to < _ranges.Count && _ranges[to].First < end)
        {
            Range old = _ranges[to++];
            if (old.First < first)
            {
                pieces.Add(old with { End = first });
            }
        }

        pieces.Add(new Range(first, end, physical));
        if (to > from && _ranges[to - 1].End > end)
        {
            pieces.Add(_ranges[to - 1].From(end));
        }

        _ranges.RemoveRange(from, to - from);
        _ranges.InsertRange(from, pieces);
    }

    /// <summary>The run that begins with a block: one of these ranges, or <paramref name="below"/>'s up to the next of them.</summary>
    public BlockRun Find(long logical, BlockMap below)
    {
        int index = IndexOfFirstEndingBehind(logical);
        if (index < _ranges.Count && _ranges[index].First <= logical)
        {
            Range range = _ranges[index].From(logical);
            return new BlockRun(range.End - range.First, range.Physical);
        }

        BlockRun run = below.Find(logical);
        return index < _ranges.Count ? run with { Count = Math.Min(run.Count, _ranges[index].First - logical) } : run;
    }

    private int IndexOfFirstEndingBehind(long logical)
    {
        int low = 0;
        int high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].End <= logical)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private readonly record struct Range(long First, long End, long Physical)
    {
        /// <summary>What is left of it from <paramref name="first"/>.</summary>
        public Range From(long first) => new(first, End, Physical == BlockRun.Zeros ? BlockRun.Zeros : Physical + (first - First));
    }
}

/// <summary>A file's map with those changes.</summary>
internal sealed class ChangedMap(BlockMap below, RangeChanges changes) : BlockMap
{
    /// <inheritdoc/>
    public override BlockRun Find(long logical) => changes.Find(logical, below);
}

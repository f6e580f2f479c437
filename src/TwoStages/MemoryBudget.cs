using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.TwoStages;

/// <summary>
/// Keeps what is made of a guest's bytes below PYGRUB_MAX_MEMORY_MB. The readers have a ceiling for every single number; this is the sum.
/// </summary>
/// <param name="maxBytes">The limit.</param>
/// <remarks>
/// Looked at with each read of a disk, since nothing grows for long without reading. The collector's own hard limit is
/// no substitute: at it the runtime was seen to abort, which takes nothing back.
/// </remarks>
public sealed class MemoryBudget(long maxBytes)
{
    /// <summary>What went over, once it has. A reader may have passed over the volume where it happened, so the run must fail by itself.</summary>
    public StageException? Exceeded { get; private set; }

    /// <summary>Reads within the budget.</summary>
    /// <param name="limits">They have it.</param>
    /// <param name="disks">What is read.</param>
    /// <param name="read">Gets the disks as they must be read.</param>
    /// <exception cref="StageException">It went over.</exception>
    public static T Within<T>(StageLimits limits, IReadOnlyList<BlockSource> disks, Func<IReadOnlyList<BlockSource>, T> read)
    {
        MemoryBudget budget = new(limits.MaxMemoryBytes);
        try
        {
            T result = read([.. disks.Select(budget.Watch)]);
            return budget.Exceeded is { } exceeded ? throw exceeded : result;
        }
        catch (Exception) when (budget.Exceeded is not null)
        {
            throw budget.Exceeded;
        }
    }

    /// <summary>A source that checks the budget with each read.</summary>
    public BlockSource Watch(BlockSource source) => new WatchedSource(source, this);

    private void BeforeRead(string name, long offset)
    {
        if (GC.GetTotalMemory(forceFullCollection: false) <= maxBytes || GC.GetTotalMemory(forceFullCollection: true) <= maxBytes)
        {
            return;
        }

        string problem = $"takes more than {maxBytes >> 20} MiB of memory: if the guest is trusted, raise {StageLimits.MemoryVariable}";
        Exceeded = new StageException(StageFault.OverLimit, $"{name}: reading it {problem}");
        throw new ImageFormatException(ImageFault.OverLimit, "reading on", name, offset, problem);
    }

    private sealed class WatchedSource(BlockSource source, MemoryBudget budget) : BlockSource
    {
        public override string Name => source.Name;

        public override long Length => source.Length;

        public override int SectorSize => source.SectorSize;

        protected override void ReadCore(long offset, Span<byte> buffer)
        {
            budget.BeforeRead(Name, offset);
            source.ReadExactly(offset, buffer);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.Fuzz.Disks;

/// <summary>A disk of a base with an input's patches in it.</summary>
internal sealed class PatchedDisk(DiskBase.Disk disk, IReadOnlyDictionary<DiskBase.Run, byte[]> patched) : BlockSource
{
    public override string Name => "disk";

    public override long Length => disk.Length;

    public override int SectorSize => disk.SectorSize;

    protected override void ReadCore(long offset, Span<byte> buffer)
    {
        buffer.Clear();
        for (int i = FirstBehind(offset); i < disk.Runs.Count && disk.Runs[i].Start < offset + buffer.Length; i++)
        {
            DiskBase.Run run = disk.Runs[i];
            long from = Math.Max(offset, run.Start);
            long to = Math.Min(offset + buffer.Length, run.Start + run.Bytes.Length);
            byte[] bytes = patched.GetValueOrDefault(run, run.Bytes);
            bytes.AsSpan((int)(from - run.Start), (int)(to - from)).CopyTo(buffer[(int)(from - offset)..]);
        }
    }

    /// <summary>The first run that ends behind a byte.</summary>
    private int FirstBehind(long offset)
    {
        int low = 0, high = disk.Runs.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (disk.Runs[middle].Start + disk.Runs[middle].Bytes.Length > offset)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}

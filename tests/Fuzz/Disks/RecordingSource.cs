using System.IO.Compression;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.Fuzz.Disks;

/// <summary>Remembers which sectors of a disk were read.</summary>
internal sealed class RecordingSource(BlockSource disk) : BlockSource
{
    private const int Sector = 512;

    // Contents that can't be packed are what files hold; a few of them are enough, the rest becomes zeros.
    private const int MostNoise = 2;

    private readonly SortedSet<long> _sectors = [];

    public override string Name => disk.Name;

    public override long Length => disk.Length;

    public override int SectorSize => disk.SectorSize;

    /// <summary>What was read and isn't zeros.</summary>
    public IReadOnlyList<DiskBase.Run> Runs()
    {
        List<DiskBase.Run> runs = [];
        foreach (long sector in _sectors)
        {
            byte[] bytes = disk.ReadExactly(sector * Sector, (int)Math.Min(Sector, Length - (sector * Sector)));
            if (bytes.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                continue;
            }

            if (runs.Count > 0 && runs[^1] is var last && last.Start + last.Bytes.Length == sector * Sector && last.Bytes.Length + bytes.Length <= DiskBase.MaxPlace)
            {
                runs[^1] = last with { Bytes = [.. last.Bytes, .. bytes] };
            }
            else
            {
                runs.Add(new DiskBase.Run(sector * Sector, bytes));
            }
        }

        int noise = 0;
        return [.. runs.Where(run => !IsNoise(run.Bytes) || ++noise <= MostNoise)];
    }

    private static bool IsNoise(byte[] bytes) => BrotliEncoder.TryCompress(bytes, new byte[bytes.Length], out int packed, quality: 4, window: 16) is var isPacked
        && (!isPacked || packed > bytes.Length * 7 / 8);

    protected override void ReadCore(long offset, Span<byte> buffer)
    {
        disk.ReadExactly(offset, buffer);
        for (long sector = offset / Sector; sector * Sector < offset + buffer.Length; sector++)
        {
            _sectors.Add(sector);
        }
    }
}

using System.IO.Compression;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.Fuzz.Disks;

/// <summary>
/// A guest's disks as far as they are read when they are used: the metadata of a real image, so small that it is kept beside the inputs. Everything else
/// is zeros. Made by "bases" from the disks of fixtures/images.
/// </summary>
/// <param name="Disks">The disks.</param>
internal sealed record DiskBase(IReadOnlyList<DiskBase.Disk> Disks)
{
    /// <summary>Bytes that a place has at most.</summary>
    public const int MaxPlace = 4096;

    /// <summary>Where something is kept, over all disks.</summary>
    public IReadOnlyList<(Disk Disk, Run Run)> Places { get; } = [.. Disks.SelectMany(static disk => disk.Runs.Select(run => (disk, run)))];

    /// <summary>The bases of a target, in the order of their names.</summary>
    public static IReadOnlyList<DiskBase> Of(string target) =>
        Directory.Exists(Folder(target)) ? [.. Directory.GetFiles(Folder(target), "*.base").Order(StringComparer.Ordinal).Select(static file => Read(File.ReadAllBytes(file)))] : [];

    /// <summary>Where a target's bases are.</summary>
    public static string Folder(string target) => Testing.Repo.Below("tests", "Fuzz", "bases", target);

    /// <summary>Keeps of some disks what <paramref name="use"/> reads of them.</summary>
    public static DiskBase Record(IReadOnlyList<BlockSource> disks, Action<IReadOnlyList<BlockSource>> use)
    {
        RecordingSource[] recording = [.. disks.Select(static disk => new RecordingSource(disk))];
        use(recording);
        return new DiskBase([.. recording.Select(static source => new Disk(source.Length, source.SectorSize, source.Runs()))]);
    }

    /// <summary>The file's bytes.</summary>
    public byte[] Write()
    {
        using MemoryStream bytes = new();
        using (BrotliStream packed = new(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        using (BinaryWriter writer = new(packed))
        {
            writer.Write(Disks.Count);
            foreach (Disk disk in Disks)
            {
                writer.Write(disk.Length);
                writer.Write(disk.SectorSize);
                writer.Write(disk.Runs.Count);
                foreach (Run run in disk.Runs)
                {
                    writer.Write(run.Start);
                    writer.Write(run.Bytes.Length);
                    writer.Write(run.Bytes);
                }
            }
        }

        return bytes.ToArray();
    }

    private static DiskBase Read(byte[] bytes)
    {
        using BinaryReader reader = new(new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress));
        List<Disk> disks = [];
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            long length = reader.ReadInt64();
            int sectorSize = reader.ReadInt32();
            List<Run> runs = [];
            for (int places = reader.ReadInt32(); places > 0; places--)
            {
                long start = reader.ReadInt64();
                runs.Add(new Run(start, reader.ReadBytes(reader.ReadInt32())));
            }

            disks.Add(new Disk(length, sectorSize, runs));
        }

        return new DiskBase(disks);
    }

    /// <summary>A disk.</summary>
    /// <param name="Length">Bytes.</param>
    /// <param name="SectorSize">Bytes of a sector.</param>
    /// <param name="Runs">What isn't zeros, in order.</param>
    internal sealed record Disk(long Length, int SectorSize, IReadOnlyList<Run> Runs);

    /// <summary>Bytes that are kept.</summary>
    /// <param name="Start">Where they stand.</param>
    /// <param name="Bytes">At most <see cref="MaxPlace"/>.</param>
    internal sealed record Run(long Start, byte[] Bytes);
}

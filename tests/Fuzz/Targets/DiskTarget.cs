using BlockRbd.Fuzz.Disks;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.Fuzz.Targets;

/// <summary>Readers of disks. Their inputs are patches of real disks (<see cref="PatchInput"/>).</summary>
internal static class DiskTarget
{
    private const int MaxInput = 2048;

    /// <summary>A filesystem's reader.</summary>
    /// <param name="name">Its folder of src/GuestDisk/FileSystems in small letters.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="images">GROUP/NAME of fixtures/images each; every one becomes a base.</param>
    public static FuzzTarget FileSystem(string name, Func<BlockSource, GuestFileSystem> open, params string[] images) =>
        Of(name, disks => DiskUse.Use(open(disks[0])), images);

    /// <summary>All that is found on whole disks.</summary>
    /// <param name="name">The target's name.</param>
    /// <param name="images">GROUP/NAME of fixtures/images each, several disks of one guest joined by "+"; or "sfdisk: SCRIPT", the lines separated by "|".</param>
    public static FuzzTarget WholeDisks(string name, params string[] images) => Of(name, UseDisks, images);

    private static FuzzTarget Of(string name, Action<IReadOnlyList<BlockSource>> use, string[] images)
    {
        Lazy<IReadOnlyList<DiskBase>> bases = new(() => DiskBase.Of(name) is { Count: > 0 } read ? read : throw new InvalidOperationException($"no bases of {name}: make them"));
        return new FuzzTarget(
            name, input => use(PatchInput.Disks(bases.Value, input)), typeof(ImageFormatException), typeof(GuestPathException), typeof(SourceReadException))
        {
            MaxLength = MaxInput,
            Bases = new DiskRecipe(use, images),
            Seeds = () => PatchInput.Seeds(bases.Value),
        };
    }

    private static void UseDisks(IReadOnlyList<BlockSource> disks)
    {
        GuestDiskSet set = GuestDiskSet.Open(disks);
        int used = 0;
        foreach (GuestVolume volume in set.Volumes)
        {
            if (volume.FileSystem is { } fileSystem && used++ == 0) // the others have targets of their own
            {
                Try(() => DiskUse.Use(fileSystem));
            }
            else if (volume.Source is { } source)
            {
                Try(() => source.ReadExactly(0, (int)Math.Min(512, source.Length)));
                Try(() => source.ReadExactly(source.Length - Math.Min(512, source.Length), (int)Math.Min(512, source.Length)));
            }
        }
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is ImageFormatException or GuestPathException or SourceReadException)
        {
        }
    }
}

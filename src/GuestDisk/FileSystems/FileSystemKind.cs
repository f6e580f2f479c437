using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems;

/// <summary>A filesystem format that can be read: one line of <see cref="FileSystemTable"/>.</summary>
/// <param name="Name">The format's name for people.</param>
/// <param name="Open">
/// Opens it. Throws <see cref="ImageFormatException"/>, with <see cref="ImageFault.NotRecognized"/> (and only then) where
/// the source holds something else.
/// </param>
internal sealed record FileSystemKind(string Name, Func<BlockSource, GuestFileSystem> Open)
{
    /// <summary>
    /// For a format that spreads over several devices: opens it again with all of the guest's other volumes at hand; null where the source
    /// is not one of several. Throws as <see cref="Open"/>.
    /// </summary>
    public Func<BlockSource, IReadOnlyList<BlockSource>, GuestFileSystem?>? OpenOneOfSeveral { get; init; }
}

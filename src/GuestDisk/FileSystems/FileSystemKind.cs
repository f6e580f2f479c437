using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems;

/// <summary>A filesystem format that can be read: one line of <see cref="FileSystemTable"/>.</summary>
/// <param name="Name">The format's name for people.</param>
/// <param name="Open">
/// Opens it. Throws <see cref="ImageFormatException"/>, with <see cref="ImageFault.NotRecognized"/> (and only then) where
/// the source holds something else.
/// </param>
internal sealed record FileSystemKind(string Name, Func<BlockSource, GuestFileSystem> Open);

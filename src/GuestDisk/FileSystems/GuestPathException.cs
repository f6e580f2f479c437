namespace BlockRbd.GuestDisk.FileSystems;

/// <summary>Why a path leads nowhere.</summary>
public enum PathFault
{
    /// <summary>A component does not exist.</summary>
    NotFound,

    /// <summary>A component that has more behind it is not a directory.</summary>
    NotADirectory,

    /// <summary>The path leads to something that isn't a regular file where one is needed.</summary>
    NotAFile,

    /// <summary>More than <see cref="Limits.MaxSymlinkHops"/> symbolic links, or a path that grew beyond any sense.</summary>
    TooManySymlinks,
}

/// <summary>A path that leads nowhere in a filesystem that is in order.</summary>
/// <param name="fault">Why.</param>
/// <param name="message">One sentence with the whole path and the component at fault.</param>
public sealed class GuestPathException(PathFault fault, string message) : IOException(message)
{
    /// <summary>Why it leads nowhere.</summary>
    public PathFault Fault { get; } = fault;
}

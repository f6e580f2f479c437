namespace BlockRbd.Testing;

/// <summary>One path of a filesystem, as far as readers are compared.</summary>
/// <param name="Type">find's letter: f d l c b p s.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Owner">uid:gid.</param>
/// <param name="Size">Bytes of a regular file or a symbolic link; 0 for everything else, which filesystems count each in their own way.</param>
/// <param name="Content">SHA-256 of a regular file, target of a symbolic link, else empty.</param>
public sealed record TreeEntry(char Type, int Mode, string Owner, long Size, string Content);

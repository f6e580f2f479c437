namespace BlockRbd.GuestDisk.FileSystems;

/// <summary>One name in a directory. "." and ".." are left out by every reader.</summary>
/// <param name="Name">The name's bytes, as on the disk; they need not be UTF-8.</param>
/// <param name="Number">The inode's number.</param>
public readonly record struct DirectoryEntry(ReadOnlyMemory<byte> Name, ulong Number);

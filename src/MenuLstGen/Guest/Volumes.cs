using BlockRbd.BootConfig;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.MenuLstGen.Guest.Mounted;

namespace BlockRbd.MenuLstGen.Guest;

/// <summary>What the program wants of a volume besides what a boot configuration sees.</summary>
internal static class Volumes
{
    /// <summary>The filesystem's features; empty where they aren't known.</summary>
    public static IReadOnlyList<string> Features(IBootVolume volume) => volume switch
    {
        GuestBootVolume { Guest.FileSystem: { } fileSystem } => fileSystem.Features,
        DirectoryVolume directory => directory.Features,
        _ => [],
    };

    /// <summary>What has no name in a menu.lst, for people.</summary>
    public static string WhatItIs(IBootVolume volume) => volume switch
    {
        { IsLoop: true } => "a disk image inside the guest (loopback)",
        { GrubName: ['h', 'd', ..] } => "a partition of a BSD or Sun label",
        _ => "LVM or RAID",
    };

    /// <summary>Opens a regular file; null where there is none of that name.</summary>
    /// <exception cref="GuestDisk.ImageFormatException">It can't be read.</exception>
    public static IGuestFile? Open(BootFile file) => file.Volume switch
    {
        GuestBootVolume volume => volume.Resolve(file.Path) is { Kind: FileKind.File } node ? new NodeFile(GuestText.Display(file.ToString()), node) : null,
        DirectoryVolume directory => directory.Open(file.Path),
        _ => null,
    };

    private sealed class NodeFile(string name, FileNode node) : IGuestFile
    {
        public string Name => name;

        public long Size => node.Size;

        public int Read(long offset, Span<byte> buffer) => offset >= node.Size ? 0 : node.Read(offset, buffer);

        public void Dispose()
        {
        }
    }
}

using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Volumes;

/// <summary>A guest's file taken for a disk: whole sectors, the last one filled up with zeros, as in GRUB's loopback.c.</summary>
/// <param name="name">Its name for messages.</param>
/// <param name="file">A regular file.</param>
internal sealed class NodeSource(string name, FileNode file) : BlockSource
{
    private const int SectorBytes = 512;

    public override string Name => name;

    public override long Length { get; } = file.Size > long.MaxValue - SectorBytes ? file.Size : (file.Size + SectorBytes - 1) / SectorBytes * SectorBytes;

    public override int SectorSize => SectorBytes;

    protected override void ReadCore(long offset, Span<byte> buffer)
    {
        int wanted = (int)Math.Clamp(file.Size - offset, 0, buffer.Length);
        int read = wanted == 0 ? 0 : file.Read(offset, buffer[..wanted]);
        if (read < wanted)
        {
            throw new ImageFormatException(ImageFault.Truncated, $"{wanted} bytes", name, offset, $"the file ends after {offset + read} of its {file.Size} bytes");
        }

        buffer[read..].Clear();
    }
}

using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.Testing;

/// <summary>A disk in memory.</summary>
public sealed class MemorySource(byte[] bytes, int sectorSize = 512) : BlockSource
{
    /// <inheritdoc/>
    public override string Name => "memory";

    /// <inheritdoc/>
    public override long Length => bytes.Length;

    /// <inheritdoc/>
    public override int SectorSize => sectorSize;

    /// <inheritdoc/>
    protected override void ReadCore(long offset, Span<byte> buffer) => bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
}

namespace BlockRbd.GuestDisk.Sources;

/// <summary>A range of another source, which it does not own: a partition, or what stands behind <c>--offset</c>.</summary>
public sealed class SliceSource : BlockSource
{
    private readonly BlockSource _whole;
    private readonly long _start;

    /// <param name="whole">The source that is cut.</param>
    /// <param name="start">First byte.</param>
    /// <param name="length">Bytes; must lie inside <paramref name="whole"/>.</param>
    /// <param name="name">The slice's name for messages.</param>
    /// <exception cref="ImageFormatException">The range is not inside the source.</exception>
    public SliceSource(BlockSource whole, long start, long length, string name)
    {
        if (start < 0 || length < 0 || start > whole.Length || length > whole.Length - start)
        {
            throw new ImageFormatException(
                ImageFault.Truncated, $"{name} of {length} bytes", whole.Name, start, $"the device ends at byte {whole.Length}");
        }

        _whole = whole;
        _start = start;
        Length = length;
        Name = name;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override int SectorSize => _whole.SectorSize;

    /// <inheritdoc/>
    protected override void ReadCore(long offset, Span<byte> buffer) => _whole.ReadExactly(_start + offset, buffer);
}

using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Volumes;

/// <summary>Sources one behind another; none of them is its own.</summary>
internal sealed class ConcatSource : BlockSource
{
    private readonly IReadOnlyList<BlockSource> _parts;
    private readonly long[] _ends;

    /// <param name="name">Its name for messages.</param>
    /// <param name="parts">At least one. Their sum has been bounded by the caller.</param>
    public ConcatSource(string name, IReadOnlyList<BlockSource> parts)
    {
        Name = name;
        _parts = parts;
        _ends = new long[parts.Count];
        for (int i = 0; i < parts.Count; i++)
        {
            Length += parts[i].Length;
            _ends[i] = Length;
        }
    }

    public override string Name { get; }

    public override long Length { get; }

    public override int SectorSize => _parts.Max(part => part.SectorSize);

    protected override void ReadCore(long offset, Span<byte> buffer)
    {
        int part = Array.BinarySearch(_ends, offset + 1);
        part = part < 0 ? ~part : part; // the first that ends behind the offset
        while (!buffer.IsEmpty)
        {
            long start = _ends[part] - _parts[part].Length;
            int count = (int)Math.Min(buffer.Length, _ends[part] - offset);
            _parts[part].ReadExactly(offset - start, buffer[..count]);
            offset += count;
            buffer = buffer[count..];
            part++;
        }
    }
}

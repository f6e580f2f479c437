namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>The bytes of a file as they are recorded: its sections one behind another.</summary>
internal sealed class IsoContent(IsoVolume volume, IReadOnlyList<IsoSection> sections)
{
    /// <summary>Bytes.</summary>
    public long Length { get; } = sections.Sum(section => section.Length);

    /// <summary>Fills the buffer from byte <paramref name="offset"/>, each section with one read; less only at the end.</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        int done = 0;
        foreach (IsoSection section in sections)
        {
            if (offset < section.Length && done < buffer.Length)
            {
                int count = (int)Math.Min(section.Length - offset, buffer.Length - done);
                volume.Source.ReadExactly(section.Start + offset, buffer.Slice(done, count));
                done += count;
                offset += count;
            }

            offset -= Math.Min(offset, section.Length);
        }

        return done;
    }
}

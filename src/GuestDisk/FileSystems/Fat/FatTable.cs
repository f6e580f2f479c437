using System.Buffers.Binary;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>The allocation table: for each cluster the next one of its file. Only a window of it is kept.</summary>
internal sealed class FatTable(BlockSource source, FatLayout layout)
{
    private readonly byte[] _window = new byte[FatLimits.EntriesPerWindow * layout.Entries.Bits / 8];
    private long _windowStart = -1;

    /// <summary>The cluster behind this one, or null where it is the last.</summary>
    /// <exception cref="ImageFormatException">The entry is none of a file's.</exception>
    public uint? Next(uint cluster)
    {
        long offset = Seek(cluster);
        uint value = Entry(cluster);
        if (value >= layout.Entries.End)
        {
            return null;
        }

        if (!layout.HasCluster(value))
        {
            string what = value == 0 ? "is free" : value == layout.Entries.End - 1 ? "is bad" : $"leads to cluster {value}";
            throw new ImageFormatException(
                ImageFault.Corrupt, $"{layout.Format} allocation table", source.Name, offset, $"cluster {cluster} belongs to a file but {what}; the volume has {layout.ClusterCount}");
        }

        return value;
    }

    /// <summary>Sees to it that the entry is in the window; its place on the disk.</summary>
    private long Seek(uint cluster)
    {
        long start = layout.TableStart + (cluster / FatLimits.EntriesPerWindow * (long)_window.Length);
        if (start != _windowStart)
        {
            _windowStart = -1;
            int length = (int)Math.Min(_window.Length, source.Length - start); // what lies behind a device's end is nobody's entry, or the read fails
            source.ReadExactly(start, _window.AsSpan(0, Math.Max(length, 1)));
            _windowStart = start;
        }

        return start + (cluster % FatLimits.EntriesPerWindow * layout.Entries.Bits / 8);
    }

    private uint Entry(uint cluster)
    {
        int index = (int)(cluster % FatLimits.EntriesPerWindow);
        ReadOnlySpan<byte> bytes = _window.AsSpan(index * layout.Entries.Bits / 8);
        uint value = layout.Entries.Bits switch
        {
            12 => (uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) >> (index % 2 * 4), // fatgen103, page 16
            16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        };
        return value & layout.Entries.Mask;
    }
}

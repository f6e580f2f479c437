using System.Buffers.Binary;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>The allocation table: for each cluster the next one of its file. Only a window of it is kept.</summary>
internal sealed class FatTable(BlockSource source, FatBootSector boot)
{
    private const string StructureName = "FAT allocation table";

    /// <summary>Name of the source, for messages.</summary>
    public string SourceName => source.Name;

    private readonly byte[] _window = new byte[FatLimits.EntriesPerWindow * (int)boot.Width / 8];
    private long _windowStart = -1;

    /// <summary>The cluster behind this one, or null where it is the last.</summary>
    /// <exception cref="ImageFormatException">The entry is none of a file's.</exception>
    public uint? Next(uint cluster)
    {
        long offset = Seek(cluster);
        uint value = Entry(cluster);
        uint end = boot.Width switch { FatWidth.Fat12 => 0xFF8, FatWidth.Fat16 => 0xFFF8, _ => 0x0FFFFFF8 }; // fatgen103, page 18
        if (value >= end)
        {
            return null;
        }

        if (!boot.HasCluster(value))
        {
            string what = value == 0 ? "is free" : value == end - 1 ? "is bad" : $"leads to cluster {value}";
            throw new ImageFormatException(
                ImageFault.Corrupt, StructureName, source.Name, offset, $"cluster {cluster} belongs to a file but {what}; the volume has {boot.ClusterCount}");
        }

        return value;
    }

    /// <summary>Sees to it that the entry is in the window; its place on the disk.</summary>
    private long Seek(uint cluster)
    {
        long start = boot.TableStart + (cluster / FatLimits.EntriesPerWindow * (long)_window.Length);
        if (start != _windowStart)
        {
            _windowStart = -1;
            int length = (int)Math.Min(_window.Length, source.Length - start); // what lies behind a device's end is nobody's entry, or the read fails
            source.ReadExactly(start, _window.AsSpan(0, Math.Max(length, 1)));
            _windowStart = start;
        }

        return start + (cluster % FatLimits.EntriesPerWindow * (int)boot.Width / 8);
    }

    private uint Entry(uint cluster)
    {
        int index = (int)(cluster % FatLimits.EntriesPerWindow);
        ReadOnlySpan<byte> bytes = _window.AsSpan(index * (int)boot.Width / 8);
        return boot.Width switch
        {
            FatWidth.Fat12 when index % 2 == 0 => (uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) & 0xFFF,
            FatWidth.Fat12 => (uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) >> 4,
            FatWidth.Fat16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes) & 0x0FFFFFFF, // fatgen103, page 16: the high 4 bits are reserved
        };
    }
}

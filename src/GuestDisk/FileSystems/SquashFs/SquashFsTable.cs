using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>A table of entries of one size: metadata blocks that lie anywhere, and the place of each in a plain array.</summary>
/// <param name="source">The source.</param>
/// <param name="metadata">The blocks.</param>
/// <param name="name">The table's name for messages.</param>
/// <param name="start">Where the array stands.</param>
/// <param name="count">Entries.</param>
/// <param name="entryBytes">Bytes of one, a power of two.</param>
internal sealed class SquashFsTable(BlockSource source, SquashFsMetadata metadata, string name, long start, long count, int entryBytes)
{
    /// <summary>Metadata blocks that so many entries fill.</summary>
    public static long BlocksOf(long count, int entryBytes) => ((count * entryBytes) + SquashFsLimits.MetadataBytes - 1) / SquashFsLimits.MetadataBytes;

    /// <summary>A cursor that stands at an entry.</summary>
    /// <exception cref="ImageFormatException">There is no such entry, or its block can't be read.</exception>
    public SquashFsCursor At(long index)
    {
        if (index < 0 || index >= count)
        {
            throw new ImageFormatException(ImageFault.Corrupt, name, source.Name, start, $"has {count} entries, and number {index} is asked for");
        }

        long at = index * entryBytes;
        long pointer = start + (at / SquashFsLimits.MetadataBytes * sizeof(ulong));
        StructReader reader = new(name, source.Name, pointer, source.ReadExactly(pointer, sizeof(ulong)));
        ulong block = reader.U64(0);
        if (block > (ulong)source.Length)
        {
            reader.Corrupt(0, $"its block stands at byte {block}, behind the end of the device");
        }

        return new SquashFsCursor(metadata, (long)block, (int)(at % SquashFsLimits.MetadataBytes), source.Length);
    }
}

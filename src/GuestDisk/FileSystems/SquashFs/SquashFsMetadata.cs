using System.Buffers.Binary;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>Metadata blocks: two bytes that say how many follow and whether they are packed, then the bytes, 8 KiB unpacked; the last ones are kept.</summary>
internal sealed class SquashFsMetadata(BlockSource source, BlockPacking packing)
{
    public const string StructureName = "SquashFS metadata block";

    private const int HeaderBytes = 2;
    private const ushort IsUnpacked = 1 << 15; // SQUASHFS_COMPRESSED_BIT

    private readonly Dictionary<long, Block> _blocks = [];
    private long _clock;

    public string SourceName => source.Name;

    /// <summary>The block at a byte of the source.</summary>
    /// <param name="position">Where its header stands.</param>
    /// <param name="next">Where the next one does.</param>
    /// <exception cref="ImageFormatException">It isn't there, or doesn't unpack.</exception>
    public ReadOnlyMemory<byte> Read(long position, out long next)
    {
        if (!_blocks.TryGetValue(position, out Block? block))
        {
            block = Load(position);
            if (_blocks.Count >= SquashFsLimits.MetadataBlocks)
            {
                _blocks.Remove(_blocks.MinBy(kept => kept.Value.LastUse).Key);
            }

            _blocks.Add(position, block);
        }

        block.LastUse = ++_clock;
        next = block.Next;
        return block.Bytes;
    }

    private Block Load(long position)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        source.ReadExactly(position, header);
        ushort word = BinaryPrimitives.ReadUInt16LittleEndian(header);
        int length = word & ~IsUnpacked;
        if (length is 0 or > SquashFsLimits.MetadataBytes)
        {
            throw Bad(position, $"{length} bytes; {SquashFsLimits.MetadataBytes} at most are possible");
        }

        byte[] bytes = source.ReadExactly(position + HeaderBytes, length);
        long next = position + HeaderBytes + length;
        if ((word & IsUnpacked) != 0)
        {
            return new Block(bytes, next);
        }

        byte[] unpacked = new byte[SquashFsLimits.MetadataBytes];
        try
        {
            return new Block(unpacked.AsMemory(0, BlockUnpacker.Unpack(packing, bytes, unpacked)), next);
        }
        catch (UnpackException e)
        {
            throw Bad(position, e.Message);
        }
    }

    private ImageFormatException Bad(long position, string problem) => new(ImageFault.Corrupt, StructureName, source.Name, position, problem);

    private sealed class Block(ReadOnlyMemory<byte> bytes, long next)
    {
        public ReadOnlyMemory<byte> Bytes => bytes;

        public long Next => next;

        public long LastUse { get; set; }
    }
}

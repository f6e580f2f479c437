using System.Diagnostics.CodeAnalysis;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>What every part of the reader needs of a volume.</summary>
internal sealed class SquashFsVolume
{
    /// <summary>Bytes of a fragment's entry (struct squashfs_fragment_entry).</summary>
    public const int FragmentEntryBytes = 16;

    private const int OffsetBits = 16;

    private readonly SquashFsMetadata _metadata;
    private readonly SquashFsTable _ids;
    private readonly SquashFsTable _fragments;

    /// <exception cref="ImageFormatException">No SquashFS, or one that can't be read.</exception>
    public SquashFsVolume(BlockSource source)
    {
        Source = source;
        Superblock = SquashFsSuperblock.Read(source);
        BlockPacking packing = Superblock.Compression switch
        {
            SquashFsCompression.Lzma => BlockPacking.Lzma,
            SquashFsCompression.Lzo => BlockPacking.Lzo1x,
            SquashFsCompression.Xz => BlockPacking.Xz,
            SquashFsCompression.Lz4 => BlockPacking.Lz4,
            SquashFsCompression.Zstd => BlockPacking.Zstd,
            _ => BlockPacking.Zlib,
        };
        _metadata = new SquashFsMetadata(source, packing);
        _ids = new SquashFsTable(source, _metadata, "SquashFS id table", Superblock.IdTable, Superblock.Ids, sizeof(uint));
        _fragments = new SquashFsTable(source, _metadata, "SquashFS fragment table", Superblock.FragmentTable, Superblock.Fragments, FragmentEntryBytes);
        Blocks = new SquashFsBlocks(source, packing);
    }

    public BlockSource Source { get; }

    public SquashFsSuperblock Superblock { get; }

    /// <summary>Data blocks and fragments, unpacked.</summary>
    public SquashFsBlocks Blocks { get; }

    /// <summary>The inode of a reference: metadata block from the table's start, and offset in it.</summary>
    public SquashFsCursor InodeAt(ulong reference)
    {
        ulong block = reference >> OffsetBits;
        if (block >= (ulong)(Superblock.DirectoryTable - Superblock.InodeTable))
        {
            Throw(ImageFault.Corrupt, SquashFsInode.StructureName, -1, $"0x{reference:x} lies outside the inode table");
        }

        return new SquashFsCursor(_metadata, Superblock.InodeTable + (long)block, (int)(reference & ushort.MaxValue), Superblock.DirectoryTable);
    }

    /// <summary>The number of the inode that stands there: its reference.</summary>
    public static ulong Reference(uint block, ushort offset) => ((ulong)block << OffsetBits) | offset;

    /// <summary>A place in the directory table.</summary>
    public SquashFsCursor DirectoryAt(uint block, int offset) =>
        new(_metadata, Superblock.DirectoryTable + block, offset, Superblock.BytesUsed); // what stands behind the table begins no directory

    /// <summary>The uid or gid of an index.</summary>
    public uint Id(ushort index) => _ids.At(index).ReadUInt32();

    /// <summary>The block that a fragment's tail ends are in: where it stands, and the word of its size.</summary>
    public SquashFsBlock Fragment(uint index)
    {
        SquashFsCursor entry = _fragments.At(index);
        ulong start = entry.ReadUInt64();
        return Block(start, entry.ReadUInt32());
    }

    /// <summary>A block of data or fragments, checked: SQUASHFS_COMPRESSED_BIT_BLOCK is bit 24 of the word, below it stands the size.</summary>
    public SquashFsBlock Block(ulong start, uint word)
    {
        const uint IsUnpacked = 1 << 24;
        uint size = word & ~IsUnpacked;
        if (size > Superblock.BlockSize || start > (ulong)Superblock.BytesUsed || size > (ulong)Superblock.BytesUsed - start)
        {
            Throw(ImageFault.Corrupt, SquashFsBlocks.StructureName, -1, $"{size} bytes at byte {start} of {Superblock.BytesUsed}, in blocks of {Superblock.BlockSize}");
        }

        return new SquashFsBlock((long)start, (int)size, (word & IsUnpacked) == 0);
    }

    [DoesNotReturn]
    public void Throw(ImageFault fault, string structure, long offset, string problem) => throw new ImageFormatException(fault, structure, Source.Name, offset, problem);
}

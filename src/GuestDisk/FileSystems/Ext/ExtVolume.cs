using System.Diagnostics.CodeAnalysis;
using BlockRbd.GuestDisk.FileSystems.Ext.FastCommit;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>What every part of the reader shares: the superblock, the bytes, and the way to an inode.</summary>
internal sealed class ExtVolume
{
    /// <summary>The place of a structure that has none of its own, such as an inode's inside: complaints leave the place out.</summary>
    public const long NoPlace = long.MinValue / 2;

    private readonly BlockCache _blocks;
    private readonly ExtGroups _groups;

    /// <param name="superblock">The superblock of what <paramref name="source"/> holds.</param>
    /// <param name="source">The filesystem's bytes, as they are after a journal's replay.</param>
    public ExtVolume(ExtSuperblock superblock, BlockSource source)
    {
        Superblock = superblock;
        Source = source;
        _blocks = new BlockCache(source, superblock.BlockSize);
        _groups = new ExtGroups(superblock, source, _blocks);
    }

    public ExtSuperblock Superblock { get; }

    public BlockSource Source { get; }

    /// <summary>What fast commits changed, or null.</summary>
    public FastCommitChanges? Changes { get; set; }

    public int BlockSize => Superblock.BlockSize;

    /// <summary>A metadata block, from the cache; its bytes are not to be written to.</summary>
    /// <param name="number">The block; checked here.</param>
    /// <param name="structure">What it is to be, for the complaint.</param>
    public byte[] MetadataBlock(long number, string structure)
    {
        if (!IsBlock(number))
        {
            Corrupt(structure, $"would stand in block {number} of {Superblock.BlocksCount}");
        }

        return _blocks.Get(number);
    }

    /// <summary>Whether a file's or a tree's block may have this number: block 0 holds the superblock or nothing.</summary>
    public bool IsBlock(long number) => number > 0 && number >= Superblock.FirstDataBlock && number < Superblock.BlocksCount;

    /// <summary>The reader over a block of metadata, which says where the block stands.</summary>
    public StructReader Reader(string structure, long block, ReadOnlySpan<byte> bytes) =>
        new(structure, Source.Name, block * BlockSize, bytes);

    /// <summary>Reads and checks inode <paramref name="number"/>.</summary>
    public ExtInode ReadInode(ulong number)
    {
        string structure = $"ext4 inode {number}";
        if (number == 0 || number > Superblock.InodesCount)
        {
            Corrupt(structure, $"there are {Superblock.InodesCount} inodes");
        }

        // inodes.rst "Finding an Inode"
        long group = (long)((number - 1) / Superblock.InodesPerGroup);
        long inTable = (long)((number - 1) % Superblock.InodesPerGroup) * Superblock.InodeSize;
        long block = _groups.InodeTable(group) + (inTable / BlockSize);
        byte[] bytes = MetadataBlock(block, structure);
        StructReader reader = Reader(structure, block, bytes).Inner(structure, (int)(inTable % BlockSize), Superblock.InodeSize);
        byte[]? committed = Changes?.Inode((uint)number, reader.Bytes(0, reader.Length));
        return committed is null
            ? new ExtInode(Superblock, (uint)number, reader, isCommitted: false)
            : new ExtInode(Superblock, (uint)number, new StructReader(structure, Source.Name, NoPlace, committed), isCommitted: true);
    }

    /// <summary>Bytes that contradict themselves where no single one is at fault.</summary>
    [DoesNotReturn]
    public void Corrupt(string structure, string problem) =>
        throw new ImageFormatException(ImageFault.Corrupt, structure, Source.Name, -1, problem);

    /// <summary>Something in order that isn't read here.</summary>
    [DoesNotReturn]
    public void Unsupported(string structure, string problem) =>
        throw new ImageFormatException(ImageFault.Unsupported, structure, Source.Name, -1, problem);

    /// <summary>More than the ceilings allow.</summary>
    [DoesNotReturn]
    public void OverLimit(string structure, string problem) =>
        throw new ImageFormatException(ImageFault.OverLimit, structure, Source.Name, -1, problem);
}

using System.Numerics;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>The superblock (squashfs_fs.h: struct squashfs_super_block), checked.</summary>
internal sealed record SquashFsSuperblock
{
    public const string StructureName = "SquashFS superblock";

    private const int Bytes = 96;
    private const uint Magic = 0x73717368; // "hsqs"
    private const ushort OptionsFlag = 1 << 10; // SQUASHFS_COMP_OPT

    public required SquashFsCompression Compression { get; init; }

    /// <summary>Bytes of a data block.</summary>
    public required int BlockSize { get; init; }

    public required uint Fragments { get; init; }

    public required int Ids { get; init; }

    /// <summary>Reference of the root's inode: metadata block and offset in it.</summary>
    public required ulong RootInode { get; init; }

    /// <summary>Bytes of the whole filesystem.</summary>
    public required long BytesUsed { get; init; }

    public required long IdTable { get; init; }

    public required long InodeTable { get; init; }

    public required long DirectoryTable { get; init; }

    public required long FragmentTable { get; init; }

    /// <exception cref="ImageFormatException">No SquashFS (NotRecognized), or one that can't be read.</exception>
    public static SquashFsSuperblock Read(BlockSource source)
    {
        StructReader reader = new(StructureName, source.Name, 0, source.Length < Bytes ? [] : source.ReadExactly(0, Bytes));
        if (reader.Length < Bytes || reader.U32(0) != Magic)
        {
            reader.NotRecognized(0, "no \"hsqs\"");
        }

        (int major, int minor) = (reader.U16(28), reader.U16(30));
        if (major != 4 || minor > 0)
        {
            reader.Unsupported(28, $"version {major}.{minor}; 4.0 is what can be read here");
        }

        SquashFsSuperblock superblock = new()
        {
            Compression = (SquashFsCompression)reader.U16(20),
            BlockSize = ReadBlockSize(reader),
            Fragments = reader.U32(16),
            Ids = reader.U16(26),
            RootInode = reader.U64(32),
            BytesUsed = Place(reader, 40, "end", source.Length),
            IdTable = Place(reader, 48, "id table", source.Length),
            InodeTable = Place(reader, 64, "inode table", source.Length),
            DirectoryTable = Place(reader, 72, "directory table", source.Length),
            FragmentTable = reader.U32(16) == 0 ? 0 : Place(reader, 80, "fragment table", source.Length), // all ones where there are none
        };
        superblock.Check(reader);
        CheckOptions(source, superblock, reader.U16(24));
        return superblock;
    }

    private static int ReadBlockSize(StructReader reader)
    {
        uint size = reader.U32(12);
        if (size is < SquashFsLimits.MinBlockBytes or > SquashFsLimits.MaxBlockBytes || !BitOperations.IsPow2(size) || BitOperations.Log2(size) != reader.U16(22))
        {
            reader.Corrupt(12, $"blocks of {size} bytes, whose logarithm is said to be {reader.U16(22)}");
        }

        return (int)size;
    }

    private static long Place(StructReader reader, int offset, string what, long length)
    {
        ulong place = reader.U64(offset);
        if (place > (ulong)length)
        {
            throw new ImageFormatException(
                ImageFault.Truncated, StructureName, reader.Source, offset, $"its {what} is at byte {place}, but the device ends at byte {length}");
        }

        return (long)place;
    }

    private void Check(StructReader reader)
    {
        if (!Enum.IsDefined(Compression))
        {
            reader.Unsupported(20, $"compression {(int)Compression}");
        }

        if (InodeTable < Bytes || InodeTable >= DirectoryTable || DirectoryTable > BytesUsed || IdTable > BytesUsed || FragmentTable > BytesUsed)
        {
            reader.Corrupt(40, "its tables don't lie one behind another");
        }

        if (Ids == 0 || (BytesUsed - IdTable) / sizeof(ulong) < SquashFsTable.BlocksOf(Ids, sizeof(uint)))
        {
            reader.Corrupt(26, $"{Ids} ids, which don't lie inside it");
        }

        if (Fragments > 0 && (BytesUsed - FragmentTable) / sizeof(ulong) < SquashFsTable.BlocksOf(Fragments, SquashFsVolume.FragmentEntryBytes))
        {
            reader.Corrupt(16, $"{Fragments} fragments, which don't lie inside it");
        }
    }

    /// <summary>Of the compressors' options only LZ4's tells what decoders must know: the format (lz4_wrapper.c: LZ4_LEGACY). They stand in a metadata block behind the superblock.</summary>
    private static void CheckOptions(BlockSource source, SquashFsSuperblock superblock, ushort flags)
    {
        if (superblock.Compression != SquashFsCompression.Lz4)
        {
            return;
        }

        const int OptionsBytes = 10;
        StructReader options = new("SquashFS compressor options", source.Name, Bytes, source.Length < Bytes + OptionsBytes ? [] : source.ReadExactly(Bytes, OptionsBytes));
        if ((flags & OptionsFlag) == 0 || options.U32(2) != 1)
        {
            options.Unsupported(2, "an LZ4 format other than the one that there is (1)");
        }
    }
}

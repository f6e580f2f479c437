using System.Globalization;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>Where an item stands in its tree (btrfs_key): ordered by object, then type, then offset.</summary>
internal readonly record struct BtrfsKey(ulong ObjectId, BtrfsItemType Type, ulong Offset) : IComparable<BtrfsKey>
{
    /// <summary>Bytes on the disk.</summary>
    public const int Bytes = 17;

    public static BtrfsKey Read(StructReader reader, int offset) =>
        new(reader.U64(offset), (BtrfsItemType)reader.U8(offset + 8), reader.U64(offset + 9));

    public int CompareTo(BtrfsKey other)
    {
        int order = ObjectId.CompareTo(other.ObjectId);
        order = order != 0 ? order : ((byte)Type).CompareTo((byte)other.Type);
        return order != 0 ? order : Offset.CompareTo(other.Offset);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({ObjectId} {(byte)Type} {Offset})");

    public static bool operator <(BtrfsKey left, BtrfsKey right) => left.CompareTo(right) < 0;

    public static bool operator >(BtrfsKey left, BtrfsKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(BtrfsKey left, BtrfsKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(BtrfsKey left, BtrfsKey right) => left.CompareTo(right) >= 0;
}

/// <summary>What an item is (btrfs_tree.h, BTRFS_*_KEY).</summary>
internal enum BtrfsItemType : byte
{
    InodeItem = 1,
    InodeRef = 12,
    InodeExtref = 13,
    XattrItem = 24,
    DirLogItem = 60,
    DirLogIndex = 72,
    DirItem = 84,
    DirIndex = 96,
    ExtentData = 108,
    ExtentCsum = 128,
    RootItem = 132,
    RootBackref = 144,
    RootRef = 156,
    DevItem = 216,
    ChunkItem = 228,
}

/// <summary>Objects with a number of their own (btrfs_tree.h, BTRFS_*_OBJECTID).</summary>
internal static class BtrfsObject
{
    public const ulong ChunkItems = 256; // BTRFS_FIRST_CHUNK_TREE_OBJECTID
    public const ulong DevItems = 1;
    public const ulong FsTree = 5;
    public const ulong RootTreeDir = 6;
    public const ulong CsumTree = 7;
    public const ulong FirstFree = 256;
    public const ulong ExtentCsum = unchecked((ulong)-10);
    public const ulong TreeLog = unchecked((ulong)-6);
}

using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.Tests.Ext;

/// <summary>Changes a superblock's field and its checksum with it, so that what is found is the field.</summary>
internal static class SuperblockPatch
{
    private const int Start = 1024;
    private const int Checksum = 0x3FC;

    public static void Set(byte[] image, int offset, Func<uint, uint> change)
    {
        Span<byte> superblock = image.AsSpan(Start, 1024);
        Span<byte> field = superblock[offset..];
        BinaryPrimitives.WriteUInt32LittleEndian(field, change(BinaryPrimitives.ReadUInt32LittleEndian(field)));
        BinaryPrimitives.WriteUInt32LittleEndian(superblock[Checksum..], Crc32C.Append(uint.MaxValue, superblock[..Checksum]));
    }
}

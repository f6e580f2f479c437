using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>A directory entry of 32 bytes (fatgen103, page 23): a file, a directory, a label or a piece of a long name.</summary>
internal readonly ref struct FatRecord(ReadOnlySpan<byte> bytes)
{
    public const int Bytes = 32;
    private const byte DeletedMark = 0xE5;

    private readonly ReadOnlySpan<byte> _bytes = bytes[..Bytes];

    /// <summary>DIR_Name: 8 and 3 characters.</summary>
    public ReadOnlySpan<byte> Name => _bytes[..11];

    /// <summary>Nothing is behind this entry.</summary>
    public bool IsEnd => _bytes[0] == 0;

    public bool IsDeleted => _bytes[0] == DeletedMark;

    public FatAttributes Attributes => (FatAttributes)_bytes[11];

    public bool IsLongName => (Attributes & FatAttributes.LongNameMask) == FatAttributes.LongName;

    public bool IsLabel => !IsLongName && Attributes.HasFlag(FatAttributes.VolumeId);

    /// <summary>DIR_NTRes: whether base (0x08) and extension (0x10) are to be shown in lower case.</summary>
    public byte CaseBits => _bytes[12];

    public uint Size => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[28..]);

    /// <summary>DIR_FstClusHI and DIR_FstClusLO; OS/2 keeps something else in the high half where it is not FAT32.</summary>
    public uint FirstCluster(FatWidth width) =>
        BinaryPrimitives.ReadUInt16LittleEndian(_bytes[26..])
        | (width == FatWidth.Fat32 ? (uint)BinaryPrimitives.ReadUInt16LittleEndian(_bytes[20..]) << 16 : 0);

    /// <summary>All of it, for <see cref="FatLongName"/>.</summary>
    public ReadOnlySpan<byte> Whole => _bytes;
}

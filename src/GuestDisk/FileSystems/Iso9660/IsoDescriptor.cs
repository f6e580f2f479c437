using System.Numerics;
using System.Text;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>
/// The volume descriptor whose tree is read (ECMA-119 8.4, 8.5): the primary one, or Joliet's supplementary one. Of numbers that stand in both byte orders the
/// little-endian one is taken, as GRUB and Linux do: some old writers left the other wrong.
/// </summary>
internal sealed record IsoDescriptor
{
    public const string StructureName = "ISO 9660 volume descriptor";

    /// <summary>Bytes of a logical sector (ECMA-119 6.1.2), and of a descriptor.</summary>
    public const int SectorBytes = 2048;

    private const int FirstSector = 16; // ECMA-119 6.2.1: the System Area has the first sixteen
    private const int LabelBytes = 32;
    private const int RootRecordOffset = 156;

    /// <summary>Whether names are in UCS-2: Joliet's.</summary>
    public required bool IsJoliet { get; init; }

    /// <summary>Bytes of a logical block: what addresses count in.</summary>
    public required int BlockBytes { get; init; }

    /// <summary>Volume Space Size, in bytes.</summary>
    public required long VolumeBytes { get; init; }

    /// <summary>Where the root's directory record stands in the descriptor, in bytes of the source.</summary>
    public required long RootRecord { get; init; }

    /// <summary>Volume Identifier, in UTF-8, without padding.</summary>
    public required byte[] Label { get; init; }

    /// <summary>Volume Modification Date and Time, as GRUB and blkid make a UUID of it; empty where there is none.</summary>
    public required string Uuid { get; init; }

    /// <summary>The primary descriptor, the supplementary one of Joliet where there is one, and what a reader should be told.</summary>
    /// <remarks>
    /// The descriptors of the source's own beginning, as GRUB reads them: of a disc with several sessions that is the last one where the image was grown in
    /// place (xorriso), and the first one elsewhere. Enhanced descriptors (ISO 9660:1999, version 2) are skipped, as GRUB and Linux do: the tree of the primary
    /// one has the same files.
    /// </remarks>
    /// <exception cref="ImageFormatException">No ISO 9660, or one whose descriptors contradict themselves.</exception>
    public static (IsoDescriptor Primary, IsoDescriptor? Joliet, List<string> Warnings) ReadAll(BlockSource source)
    {
        IsoDescriptor? primary = null;
        IsoDescriptor? joliet = null;
        List<string> warnings = [];
        for (int i = 0; ; i++)
        {
            long offset = (long)(FirstSector + i) * SectorBytes;
            bool isThere = offset <= source.Length - SectorBytes;
            StructReader descriptor = new(StructureName, source.Name, offset, isThere ? source.ReadExactly(offset, SectorBytes) : []);
            bool isDescriptor = isThere && descriptor.Bytes(1, 5).SequenceEqual("CD001"u8); // ECMA-119 8.1.2
            if (i == 0 && !isDescriptor)
            {
                throw new ImageFormatException(ImageFault.NotRecognized, StructureName, source.Name, offset, "no \"CD001\"");
            }

            if (!isDescriptor || i == IsoLimits.MaxDescriptors)
            {
                warnings.Add($"{source.Name}: the volume descriptors have no end (none of type 255 among {i})");
                break;
            }

            int type = descriptor.U8(0); // ECMA-119 8.1.1
            if (type == 255)
            {
                break;
            }

            if (type == 1)
            {
                primary ??= Read(descriptor, offset, isJoliet: false);
            }
            else if (type == 2 && IsJolietEscape(descriptor.Bytes(88, 3)))
            {
                joliet = Read(descriptor, offset, isJoliet: true); // the last one, as in GRUB
            }
        }

        return primary is null && joliet is null
            ? throw new ImageFormatException(ImageFault.Corrupt, StructureName, source.Name, FirstSector * SectorBytes, "no primary descriptor among them")
            : (primary ?? joliet!, joliet, warnings);
    }

    // Joliet Specification, "SVD Escape Sequences field": UCS-2 level 1, 2 and 3.
    private static bool IsJolietEscape(ReadOnlySpan<byte> escape) => escape is [0x25, 0x2F, 0x40 or 0x43 or 0x45];

    private static IsoDescriptor Read(StructReader descriptor, long offset, bool isJoliet)
    {
        int blockBytes = descriptor.U16(128); // Logical Block Size
        if (!BitOperations.IsPow2(blockBytes) || blockBytes is < 512 or > SectorBytes)
        {
            descriptor.Corrupt(128, $"logical blocks of {blockBytes} bytes");
        }

        return new IsoDescriptor
        {
            IsJoliet = isJoliet,
            BlockBytes = blockBytes,
            VolumeBytes = (long)descriptor.U32(80) * blockBytes, // Volume Space Size
            RootRecord = offset + RootRecordOffset,
            Label = LabelOf(descriptor.Bytes(40, LabelBytes), isJoliet),
            Uuid = UuidOf(descriptor.Bytes(830, 16)),
        };
    }

    private static byte[] LabelOf(ReadOnlySpan<byte> bytes, bool isJoliet)
    {
        ReadOnlySpan<byte> label = isJoliet ? IsoName.FromUcs2(bytes) : bytes;
        int end = label.IndexOf((byte)0);
        return (end < 0 ? label : label[..end]).TrimEnd((byte)' ').ToArray();
    }

    // ECMA-119 8.4.26.1: year, month, day, hour, minute, second and hundredth in digits. GRUB: none where all are NUL.
    private static string UuidOf(ReadOnlySpan<byte> date)
    {
        if (!date.ContainsAnyExcept((byte)0))
        {
            return "";
        }

        string digits = Encoding.Latin1.GetString(date);
        return $"{digits[..4]}-{digits[4..6]}-{digits[6..8]}-{digits[8..10]}-{digits[10..12]}-{digits[12..14]}-{digits[14..]}";
    }
}

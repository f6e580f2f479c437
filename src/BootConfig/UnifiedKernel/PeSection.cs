using System.Buffers.Binary;

namespace BlockRbd.BootConfig.UnifiedKernel;

/// <summary>A section of a PE file.</summary>
/// <param name="Name">Its name, NULs cut off.</param>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Length">Bytes that it has in the file and in memory alike: padding behind them is none of it.</param>
internal readonly record struct PeSection(string Name, long Offset, long Length)
{
    private const int DosHeaderBytes = 64;
    private const int FileHeaderBytes = 24; // with the signature
    private const int SectionHeaderBytes = 40;

    /// <summary>The sections of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="problem">What is wrong with it, as the rest of a sentence that begins with its name.</param>
    /// <returns>Null, with a reason, where it is no PE file, or its table doesn't lie inside it.</returns>
    /// <exception cref="GuestDisk.ImageFormatException">It can't be read.</exception>
    public static IReadOnlyList<PeSection>? Read(BootFile file, out string problem)
    {
        problem = "is no PE file";
        byte[] dos = file.Volume.ReadPart(file.Path, 0, DosHeaderBytes) ?? [];
        if (dos.Length < DosHeaderBytes || !dos.AsSpan().StartsWith("MZ"u8))
        {
            return null;
        }

        uint header = BinaryPrimitives.ReadUInt32LittleEndian(dos.AsSpan(0x3C)); // e_lfanew
        byte[] pe = file.Volume.ReadPart(file.Path, header, FileHeaderBytes) ?? [];
        if (pe.Length < FileHeaderBytes || !pe.AsSpan().StartsWith("PE\0\0"u8))
        {
            return null;
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(pe.AsSpan(6)); // NumberOfSections
        int optional = BinaryPrimitives.ReadUInt16LittleEndian(pe.AsSpan(20)); // SizeOfOptionalHeader
        if (count is 0 or > PeLimits.MaxSections)
        {
            problem = $"has {count} sections, and 1 to {PeLimits.MaxSections} are read";
            return null;
        }

        byte[] table = file.Volume.ReadPart(file.Path, header + FileHeaderBytes + (long)optional, count * SectionHeaderBytes) ?? [];
        if (table.Length < count * SectionHeaderBytes)
        {
            problem = "ends inside its section table";
            return null;
        }

        long size = file.Volume.Stat(file.Path)?.Size ?? 0;
        PeSection[] sections = [.. Enumerable.Range(0, count).Select(i => Of(table.AsSpan(i * SectionHeaderBytes, SectionHeaderBytes)))];
        if (sections.FirstOrDefault(section => section.Offset + section.Length > size) is { Name: not null } beyond)
        {
            problem = $"ends at byte {size}, inside its section {GuestText.Display(beyond.Name)}";
            return null;
        }

        return sections;
    }

    /// <summary>A file of the guest that is this section.</summary>
    public BootFile In(BootFile file) => file with { Slice = new FileSlice(Name, Offset, Length) };

    private static PeSection Of(ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> name = header[..8];
        int end = name.IndexOf((byte)0);
        uint virtualSize = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        uint rawSize = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        uint rawOffset = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        return new PeSection(GuestText.FromBytes(end < 0 ? name : name[..end]), rawOffset, Math.Min(virtualSize, rawSize));
    }
}

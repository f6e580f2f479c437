using System.Buffers.Binary;
using BlockRbd.MenuLstGen.Guest;

namespace BlockRbd.MenuLstGen.Checks;

/// <summary>What a kernel's headers alone say. The code itself is not unpacked, so whether it has Xen's notes stays open.</summary>
internal sealed class KernelHeader : IKernelInspector
{
    // Documentation/arch/x86/boot.rst of Linux; the offsets are those of the file.
    private const int SetupSectorsOffset = 0x1F1;
    private const int MagicOffset = 0x202;
    private const int VersionOffset = 0x206;
    private const int LoadFlagsOffset = 0x236; // xloadflags
    private const int PayloadOffset = 0x248;
    private const int PayloadLengthOffset = 0x24C;
    private const int HeaderBytes = 0x260;
    private const int PayloadVersion = 0x208; // the first with payload_offset; Xen's loaders want it
    private const int LoadFlagsVersion = 0x20C;
    private const ushort Kernel64 = 1; // XLF_KERNEL_64
    private const int SectorBytes = 512;

    // Magics by which libxenguest's xg_dom_bzimageloader.c chooses.
    private static readonly IReadOnlyList<(byte[] Magic, KernelCompression Compression)> Payloads =
    [
        ([0x1F, 0x8B], KernelCompression.Gzip),
        ([.. "BZh"u8], KernelCompression.Bzip2),
        ([0xFD, .. "7zXZ"u8, 0], KernelCompression.Xz),
        ([0x28, 0xB5, 0x2F, 0xFD], KernelCompression.Zstd),
        ([0x5D, 0], KernelCompression.Lzma),
        ([0x89, .. "LZO"u8, 0], KernelCompression.Lzo),
        ([0x02, 0x21], KernelCompression.Lz4),
        ([0x7F, .. "ELF"u8], KernelCompression.None),
    ];

    public KernelFacts? Look(IGuestFile file, out string? problem)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        header = header[..file.Read(0, header)];
        problem = null;
        if (header.StartsWith("\u007FELF"u8) && header.Length > 5)
        {
            return new KernelFacts(KernelCompression.None, header[4] switch { 1 => 32, 2 => 64, _ => null }, HasXenEntry: null); // EI_CLASS
        }

        if (header.Length < HeaderBytes || !header[MagicOffset..].StartsWith("HdrS"u8))
        {
            problem = header.Length == 0 ? "is empty" : "is neither a bzImage nor an ELF file";
            return null;
        }

        int version = BinaryPrimitives.ReadUInt16LittleEndian(header[VersionOffset..]);
        if (version < PayloadVersion)
        {
            problem = $"has boot protocol {version >> 8}.{version & 0xFF:00}, older than the 2.08 that Xen's loaders want";
            return null;
        }

        int? bits = version >= LoadFlagsVersion
            ? (BinaryPrimitives.ReadUInt16LittleEndian(header[LoadFlagsOffset..]) & Kernel64) != 0 ? 64 : 32
            : null;
        long start = ((header[SetupSectorsOffset] + 1L) * SectorBytes) + BinaryPrimitives.ReadUInt32LittleEndian(header[PayloadOffset..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(header[PayloadLengthOffset..]);
        if (start + length > file.Size)
        {
            problem = $"is cut off: its payload ends at byte {start + length}, the file at {file.Size}";
            return null;
        }

        return new KernelFacts(Compression(file, start), bits, HasXenEntry: null);
    }

    private static KernelCompression Compression(IGuestFile file, long start)
    {
        byte[] magic = new byte[8];
        int count = file.Read(start, magic);
        foreach ((byte[] expected, KernelCompression compression) in Payloads)
        {
            if (magic.AsSpan(0, count).StartsWith(expected))
            {
                return compression;
            }
        }

        return KernelCompression.Unknown;
    }
}

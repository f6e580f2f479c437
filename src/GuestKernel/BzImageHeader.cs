using System.Buffers.Binary;
using System.Text;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestKernel;

/// <summary>The setup header of a bzImage (Documentation/arch/x86/boot.rst of Linux; offsets in the file, by its names).</summary>
internal static class BzImageHeader
{
    public const int Bytes = 0x268;

    private const int Magic = 0x202;
    private const int PayloadVersion = 0x208;   // the first with payload_offset; Xen's loaders want it
    private const int LoadFlagsVersion = 0x20C; // the first with xloadflags
    private const int SectorBytes = 512;
    private const ushort Kernel64 = 1; // XLF_KERNEL_64

    public static bool IsBzImage(ReadOnlySpan<byte> head) => head.Length >= Magic + 6 && head[Magic..].StartsWith("HdrS"u8);

    /// <summary>Reads it.</summary>
    /// <exception cref="KernelException">It is too old, or leads out of the file.</exception>
    public static KernelImage Read(IKernelFile file, ReadOnlySpan<byte> head)
    {
        int version = BinaryPrimitives.ReadUInt16LittleEndian(head[0x206..]);
        if (version < PayloadVersion)
        {
            throw new KernelException(UnpackFault.Unsupported, $"has boot protocol {version >> 8}.{version & 0xFF:00}, older than the 2.08 that Xen's loaders want");
        }

        if (head.Length < Bytes)
        {
            throw new KernelException(UnpackFault.Truncated, "is cut off inside its setup header");
        }

        int? bits = version >= LoadFlagsVersion ? (BinaryPrimitives.ReadUInt16LittleEndian(head[0x236..]) & Kernel64) != 0 ? 64 : 32 : null; // xloadflags
        int setupSectors = head[0x1F1] == 0 ? 4 : head[0x1F1]; // setup_sects: 0 means 4
        long start = ((setupSectors + 1L) * SectorBytes) + BinaryPrimitives.ReadUInt32LittleEndian(head[0x248..]); // payload_offset
        long length = BinaryPrimitives.ReadUInt32LittleEndian(head[0x24C..]);                                      // payload_length
        if (start + length > file.Size)
        {
            throw new KernelException(UnpackFault.Truncated, $"is cut off: its payload ends at byte {start + length}, the file at {file.Size}");
        }

        Span<byte> magic = stackalloc byte[Unpacker.MagicBytes];
        magic = magic[..file.Read(start, magic[..(int)Math.Min(magic.Length, length)])];
        Packing? packing = ElfHead.IsElf(magic) ? Packing.None : Unpacker.Recognize(magic);
        long? unpacked = UnpackedSize(file, start, length, packing);

        // gzip has that number itself, as its last field; with all others Linux' build appends it (size_append of scripts/Makefile.lib).
        long packed = packing is Packing.Gzip or Packing.None or null ? length : length - sizeof(uint);
        return new KernelImage(KernelFormat.BzImage, packing, bits, start, packed, unpacked, version, VersionText(file, head, setupSectors));
    }

    private static long? UnpackedSize(IKernelFile file, long start, long length, Packing? packing)
    {
        if (packing is Packing.None or null || length < Unpacker.MagicBytes)
        {
            return null;
        }

        Span<byte> size = stackalloc byte[sizeof(uint)];
        return file.Read(start + length - size.Length, size) == size.Length ? BinaryPrimitives.ReadUInt32LittleEndian(size) : null;
    }

    private static string VersionText(IKernelFile file, ReadOnlySpan<byte> head, int setupSectors)
    {
        int pointer = BinaryPrimitives.ReadUInt16LittleEndian(head[0x20E..]); // kernel_version: less 0x200
        if (pointer == 0 || pointer >= setupSectors * SectorBytes)
        {
            return "";
        }

        Span<byte> text = stackalloc byte[KernelLimits.VersionText];
        text = text[..file.Read(pointer + SectorBytes, text)];
        int end = text.IndexOf((byte)0);
        return end < 0 ? "" : Encoding.Latin1.GetString(text[..end]);
    }
}

using System.Buffers.Binary;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestKernel;

/// <summary>What an ELF file's header and program headers say (System V ABI, "ELF Header", by its names).</summary>
/// <param name="Bits">32 or 64.</param>
/// <param name="Machine">e_machine: 3 is i386, 62 is x86-64.</param>
/// <param name="Notes">Where the PT_NOTE segments stand, in the order of their offsets.</param>
internal sealed record ElfHead(int Bits, int Machine, IReadOnlyList<(long Offset, int Length)> Notes)
{
    public const int X86 = 3;
    public const int X8664 = 62;
    private const int PtNote = 4;

    public static bool IsElf(ReadOnlySpan<byte> head) => head.StartsWith("\u007FELF"u8);

    /// <summary>Reads it.</summary>
    /// <param name="head">The file's first bytes, <see cref="KernelLimits.ElfHead"/> where it has as many.</param>
    /// <exception cref="KernelException">It can't be a kernel of these.</exception>
    public static ElfHead Read(ReadOnlySpan<byte> head)
    {
        if (head.Length < 64)
        {
            throw new KernelException(UnpackFault.Truncated, "is cut off inside its ELF header");
        }

        int bits = head[4] switch { 1 => 32, 2 => 64, _ => 0 }; // EI_CLASS
        if (bits == 0 || head[5] != 1)                          // EI_DATA
        {
            throw new KernelException(UnpackFault.Unsupported, $"is an ELF file of class {head[4]} and byte order {head[5]}: no x86 kernel");
        }

        int machine = BinaryPrimitives.ReadUInt16LittleEndian(head[18..]);
        bool is64 = bits == 64;
        ulong tableOffset = is64 ? BinaryPrimitives.ReadUInt64LittleEndian(head[32..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[28..]); // e_phoff
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(head[(is64 ? 54 : 42)..]); // e_phentsize
        int count = BinaryPrimitives.ReadUInt16LittleEndian(head[(is64 ? 56 : 44)..]);     // e_phnum
        if (count > 0 && (count > KernelLimits.ProgramHeaders || entrySize != (is64 ? 56 : 32) || tableOffset > (ulong)head.Length
            || count * entrySize > head.Length - (int)tableOffset))
        {
            throw new KernelException(UnpackFault.Unsupported, $"has {count} program headers of {entrySize} bytes at byte {tableOffset}: not where a kernel's are");
        }

        List<(long Offset, int Length)> notes = [];
        for (int i = 0; i < count && notes.Count < KernelLimits.NoteSegments; i++)
        {
            ReadOnlySpan<byte> entry = head.Slice((int)tableOffset + (i * entrySize), entrySize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) == PtNote)
            {
                ulong offset = is64 ? BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);  // p_offset
                ulong size = is64 ? BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]) : BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]); // p_filesz
                if (size > KernelLimits.NoteBytes || offset > (ulong)KernelLimits.LookBytes)
                {
                    throw new KernelException(UnpackFault.OverLimit, $"has {size} bytes of notes at byte {offset}, more than {KernelLimits.NoteBytes} or too far");
                }

                notes.Add(((long)offset, (int)size));
            }
        }

        return new ElfHead(bits, machine, [.. notes.OrderBy(note => note.Offset)]);
    }
}

using System.Buffers.Binary;
using System.Text;

namespace BlockRbd.GuestKernel;

/// <summary>A kernel's Xen ELF notes (xen/include/public/elfnote.h). What has no note is null or empty.</summary>
public sealed record XenNotes
{
    private const string Owner = "Xen";

    /// <summary>Number of notes that are Xen's.</summary>
    public int Count { get; init; }

    /// <summary>XEN_ELFNOTE_ENTRY (1): where a PV guest starts, a virtual address.</summary>
    public ulong? PvEntry { get; init; }

    /// <summary>XEN_ELFNOTE_HYPERCALL_PAGE (2), a virtual address.</summary>
    public ulong? HypercallPage { get; init; }

    /// <summary>XEN_ELFNOTE_VIRT_BASE (3).</summary>
    public ulong? VirtualBase { get; init; }

    /// <summary>XEN_ELFNOTE_XEN_VERSION (5): the interface, "xen-3.0".</summary>
    public string XenVersion { get; init; } = "";

    /// <summary>XEN_ELFNOTE_GUEST_OS (6): "linux".</summary>
    public string GuestOs { get; init; } = "";

    /// <summary>XEN_ELFNOTE_GUEST_VERSION (7): "2.6".</summary>
    public string GuestVersion { get; init; } = "";

    /// <summary>XEN_ELFNOTE_LOADER (8): "generic".</summary>
    public string Loader { get; init; } = "";

    /// <summary>XEN_ELFNOTE_FEATURES (10): words joined by bars, "!writable_page_tables|pae_pgdir_above_4gb".</summary>
    public string Features { get; init; } = "";

    /// <summary>XEN_ELFNOTE_PHYS32_ENTRY (18): where a PVH guest starts, a physical address.</summary>
    public ulong? PvhEntry { get; init; }

    /// <summary>Reads the notes of a segment (ELF specification, "Note Section": name and contents padded to four bytes).</summary>
    /// <param name="segment">The bytes of a PT_NOTE segment; what goes on behind its end is left out.</param>
    /// <param name="before">The notes of the segments before.</param>
    public static XenNotes Read(ReadOnlySpan<byte> segment, XenNotes before)
    {
        const int HeaderBytes = 12;
        while (segment.Length >= HeaderBytes)
        {
            uint nameSize = BinaryPrimitives.ReadUInt32LittleEndian(segment);        // n_namesz
            uint contentSize = BinaryPrimitives.ReadUInt32LittleEndian(segment[4..]); // n_descsz
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(segment[8..]);        // n_type
            segment = segment[HeaderBytes..];
            if (nameSize > segment.Length || Padded(nameSize) > segment.Length || contentSize > segment.Length - Padded(nameSize))
            {
                break;
            }

            string name = Text(segment[..(int)nameSize]);
            ReadOnlySpan<byte> content = segment.Slice(Padded(nameSize), (int)contentSize);
            if (name == Owner)
            {
                before = before.With(type, content);
            }

            segment = segment[Math.Min(segment.Length, Padded(nameSize) + Padded(contentSize))..];
        }

        return before;
    }

    private XenNotes With(uint type, ReadOnlySpan<byte> content)
    {
        XenNotes counted = this with { Count = Count + 1 };
        return type switch
        {
            1 => counted with { PvEntry = Number(content) },
            2 => counted with { HypercallPage = Number(content) },
            3 => counted with { VirtualBase = Number(content) },
            5 => counted with { XenVersion = Text(content) },
            6 => counted with { GuestOs = Text(content) },
            7 => counted with { GuestVersion = Text(content) },
            8 => counted with { Loader = Text(content) },
            10 => counted with { Features = Text(content) },
            18 => counted with { PvhEntry = Number(content) },
            _ => counted,
        };
    }

    private static int Padded(uint size) => (int)((size + 3) & ~3u);

    // libelf's elf_note_numeric: 1, 2, 4 or 8 bytes.
    private static ulong? Number(ReadOnlySpan<byte> content) => content.Length switch
    {
        1 => content[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(content),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(content),
        8 => BinaryPrimitives.ReadUInt64LittleEndian(content),
        _ => null,
    };

    private static string Text(ReadOnlySpan<byte> content)
    {
        int end = content.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? content : content[..end]);
    }
}

namespace BlockRbd.GuestKernel;

/// <summary>Named ceilings for the numbers in a kernel's headers.</summary>
internal static class KernelLimits
{
    /// <summary>Bytes at an ELF file's start that must hold its header and program headers. Linux has fewer than ten of 56 bytes, right behind the header.</summary>
    public const int ElfHead = 4096;

    /// <summary>Program headers: what fits into <see cref="ElfHead"/>.</summary>
    public const int ProgramHeaders = 64;

    /// <summary>Bytes of one PT_NOTE segment. Linux' has about 500.</summary>
    public const int NoteBytes = 64 << 10;

    /// <summary>PT_NOTE segments that are looked at.</summary>
    public const int NoteSegments = 8;

    /// <summary>Bytes of the text that bzImage gives its version in.</summary>
    public const int VersionText = 512;

    /// <summary>Bytes that are unpacked on the way to the notes: a kernel with all debugging code has fewer.</summary>
    public const long LookBytes = 512L << 20;
}

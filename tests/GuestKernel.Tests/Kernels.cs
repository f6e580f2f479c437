using System.Buffers.Binary;
using BlockRbd.Testing;

namespace BlockRbd.GuestKernel.Tests;

/// <summary>Kernels: Debian's own, and small ones that gcc makes.</summary>
internal static class Kernels
{
    private static readonly Lazy<string> Folder = new(() =>
    {
        Tool.Check(Repo.Below("fixtures", "kernels", "get-kernels"));
        return Environment.GetEnvironmentVariable("KERNELS_DIR") ?? Repo.Below("artifacts", "kernels");
    });

    /// <summary>How Linux' build packs (scripts/Makefile.lib: cmd_gzip, cmd_bzip2, ...; scripts/xz_wrap.sh), and whether it appends the size.</summary>
    public static IReadOnlyDictionary<string, (string Tool, string Options, bool Appends)> Compressors { get; } = new Dictionary<string, (string, string, bool)>
    {
        ["gzip"] = ("gzip", "-n -9", false),
        ["bzip2"] = ("bzip2", "-9", true),
        ["lzma"] = ("xz", "--format=lzma -9", true),
        ["xz"] = ("xz", "--check=crc32 --x86 --lzma2=dict=32MiB", true),
        ["lzo"] = ("lzop", "-9", true),
        ["lz4"] = ("lz4", "-l -9", true),
        ["zstd"] = ("zstd", "-22 --ultra", true),
    };

    /// <summary>A kernel's file of Debian: "bookworm-amd64", "bookworm-cloud", "sid-cloud".</summary>
    public static byte[] Debian(string name) => File.ReadAllBytes(Path.Combine(Folder.Value, name));

    /// <summary>An ELF file with notes, made by gcc from assembler text.</summary>
    public static byte[] Elf(string notes, bool is32 = false)
    {
        using ScratchFolder folder = new();
        File.WriteAllText(folder["k.S"], $"""
            .text
            .globl _start
            _start: ret
            .fill 100000, 4, 0x12345678
            .rept 3000
            call _start
            .endr
            {notes}
            """);
        Tool.Check("/usr/bin/env", "gcc", is32 ? "-m32" : "-m64", "-nostdlib", "-static", "-Wl,--build-id=none", "-Wl,--no-warn-rwx-segments", "-o", folder["k"], folder["k.S"]);
        return File.ReadAllBytes(folder["k"]);
    }

    /// <summary>Assembler text of a Xen note, as include/linux/elfnote.h of Linux makes it.</summary>
    public static string Note(int type, string content) => $"""
        .pushsection .note.Xen, "a", @note
        .balign 4
        .long 2f - 1f
        .long 4f - 3f
        .long {type}
        1: .asciz "Xen"
        2: .balign 4
        3: {content}
        4: .balign 4
        .popsection

        """;

    public static byte[] Pack(string compressor, byte[] bytes)
    {
        (string tool, string options, bool appends) = Compressors[compressor];
        using ScratchFolder folder = new();
        File.WriteAllBytes(folder["vmlinux.bin"], bytes);
        byte[] packed = Tool.Check(Tool.Path(tool), [.. options.Split(' '), "-c", folder["vmlinux.bin"]]).Output;
        byte[] size = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)bytes.Length);
        return appends ? [.. packed, .. size] : packed;
    }

    /// <summary>A bzImage around a payload: the setup header of Documentation/arch/x86/boot.rst.</summary>
    public static byte[] BzImage(byte[] payload, int protocol = 0x20F, ushort xloadflags = 1)
    {
        byte[] image = new byte[(5 * 512) + 64 + payload.Length + 512];
        image[0x1F1] = 4;
        "HdrS"u8.CopyTo(image.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x206), (ushort)protocol);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x20E), 0x300);
        "6.1.0-test\0"u8.CopyTo(image.AsSpan(0x500));
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x236), xloadflags);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x248), 64);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x24C), (uint)payload.Length);
        payload.CopyTo(image, (5 * 512) + 64);
        return image;
    }

    public static byte[] Unpack(byte[] kernel, long maxBytes = 512 << 20)
    {
        BytesFile file = new(kernel);
        using MemoryStream unpacked = new();
        KernelInspector.Unpack(file, KernelInspector.LookAtHeaders(file), unpacked, maxBytes);
        return unpacked.ToArray();
    }
}

/// <summary>A file in memory.</summary>
internal sealed class BytesFile(byte[] bytes) : IKernelFile
{
    public long Size => bytes.Length;

    public int Read(long offset, Span<byte> buffer)
    {
        ReadOnlySpan<byte> rest = offset >= bytes.Length ? [] : bytes.AsSpan((int)offset);
        rest = rest[..Math.Min(rest.Length, buffer.Length)];
        rest.CopyTo(buffer);
        return rest.Length;
    }
}

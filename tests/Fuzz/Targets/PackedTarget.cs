using BlockRbd.GuestKernel;
using BlockRbd.Unpacking;

namespace BlockRbd.Fuzz.Targets;

/// <summary>Decoders, and what looks at kernels.</summary>
internal static class PackedTarget
{
    private const int MaxInput = 16 << 10;
    private const int MaxOutput = 1 << 20;

    /// <summary>A kernel: its headers, its notes, its payload.</summary>
    public static FuzzTarget Kernel { get; } = new("kernel", UseKernel, typeof(KernelException))
    {
        MaxLength = MaxInput,
        Words = [[.. "HdrS"u8], [0x7F, .. "ELF"u8], [0x1F, 0x8B], [0xFD, .. "7zXZ\0"u8], [.. "BZh9"u8], [0x28, 0xB5, 0x2F, 0xFD], [.. "Xen\0"u8], [4, 0, 0, 0, 4, 0, 0, 0], [2, 0x21, 0x4C, 0x18]],
    };

    /// <summary>A format of streams.</summary>
    public static FuzzTarget Stream(string name, Packing packing) => new(name, input => Unpack(packing, input), typeof(UnpackException)) { MaxLength = MaxInput };

    /// <summary>A format of blocks: the first two bytes of an input are the destination's length.</summary>
    public static FuzzTarget Block(string name, BlockPacking packing) => new(
        name,
        input =>
        {
            if (input.Length > 2)
            {
                BlockUnpacker.Unpack(packing, input.AsSpan(2), new byte[1 + (input[0] | (input[1] << 8))]);
            }
        },
        typeof(UnpackException))
    {
        MaxLength = MaxInput,
    };

    private static void Unpack(Packing packing, byte[] input)
    {
        using MemoryStream source = new(input);
        Unpacker.Unpack(packing, source, System.IO.Stream.Null, new UnpackLimits(MaxOutput, MaxWindow: 8 << 20));
    }

    private static void UseKernel(byte[] input)
    {
        BytesFile file = new(input);
        KernelImage image = KernelInspector.Look(file);
        KernelInspector.Unpack(file, image, System.IO.Stream.Null, MaxOutput);
    }

    private sealed class BytesFile(byte[] bytes) : IKernelFile
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
}

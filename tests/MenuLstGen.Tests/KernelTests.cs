using System.Buffers.Binary;
using BlockRbd.MenuLstGen.Checks;
using BlockRbd.MenuLstGen.Guest;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.MenuLstGen.Tests;

/// <summary>What is known of kernels from their headers: laid out as Documentation/arch/x86/boot.rst says, packed by the real compressors.</summary>
public class KernelTests
{
    private static readonly PvGrub[] Both = [PvGrub.Legacy, PvGrub.Grub2];

    public static TheoryData<string, string, string> Packed => new()
    {
        { "import gzip,sys; sys.stdout.buffer.write(gzip.compress(b'x' * 9999))", "", "" },
        { "import lzma,sys; sys.stdout.buffer.write(lzma.compress(b'x' * 9999, check=lzma.CHECK_CRC32))", "", "" },
        { "import bz2,sys; sys.stdout.buffer.write(bz2.compress(b'x' * 9999))", "", "packed with bzip2: PV-GRUB 2 unpacks gzip, xz and lzo only" },
        { "import lzma,sys; sys.stdout.buffer.write(lzma.compress(b'x' * 9999, format=lzma.FORMAT_ALONE))", "", "packed with lzma: PV-GRUB 2 unpacks gzip, xz and lzo only" },
        // lz4's legacy frame (doc/lz4_Frame_format.md), a Zstandard frame (RFC 8878 3.1.1), lzop's header (lzop.c): not every machine has these tools.
        { "import sys; sys.stdout.buffer.write(bytes.fromhex('02214c18') + b'x' * 99)", "", "packed with lz4: PV-GRUB 2 unpacks gzip, xz and lzo only" },
        { "import sys; sys.stdout.buffer.write(bytes.fromhex('28b52ffd') + b'x' * 99)", "packed with zstd: a PV-GRUB built from Xen before 4.15 can't unpack it", "packed with zstd: PV-GRUB 2 unpacks" },
        { "import sys; sys.stdout.buffer.write(bytes.fromhex('894c5a4f000d0a1a0a') + b'x' * 99)", "", "" },
        { "import sys; sys.stdout.buffer.write(b'something else')", "packed with something unknown: PV-GRUB can't unpack it", "packed with something unknown: PV-GRUB 2 unpacks" },
    };

    [Theory]
    [MemberData(nameof(Packed))]
    public void Each_PV_GRUB_has_its_compressions(string python, string legacy, string grub2)
    {
        byte[] payload = Tool.Check("/usr/bin/python3", "-c", python).Output;
        byte[] kernel = Image(payload, xloadflags: 1);
        string[] expected = [legacy, grub2];
        for (int i = 0; i < expected.Length; i++)
        {
            string[] problems = [.. Check(kernel, Both[i])];
            Assert.Equal(expected[i].Length == 0 ? 0 : 1, problems.Length);
            Assert.All(problems, problem => Assert.Contains(expected[i], problem));
        }
    }

    [Theory]
    [InlineData(1, 64, false)]
    [InlineData(1, 32, true)]
    [InlineData(0, 32, false)]
    [InlineData(0, 64, true)]
    public void Bitness_must_be_the_same(ushort xloadflags, int bits, bool complains) =>
        Assert.Equal(complains, Check(Image([0x1F, 0x8B, 8, 0], xloadflags), PvGrub.Any, bits).Any(problem => problem.Contains("of its own bitness", StringComparison.Ordinal)));

    [Fact]
    public void An_ELF_file_tells_its_bitness()
    {
        byte[] elf = File.ReadAllBytes("/bin/true");
        Assert.Contains("has no PV entry point", Assert.Single(Check(elf, PvGrub.Any, 64)));
        Assert.Contains("of its own bitness", Check(elf, PvGrub.Any, 32)[0]);
    }

    [Theory]
    [InlineData(0, "is empty")]
    [InlineData(100, "is neither a bzImage nor an ELF file")]
    [InlineData(2000, "is neither a bzImage nor an ELF file")]
    public void What_is_no_kernel_is_told(int length, string problem) => Assert.Contains(problem, Assert.Single(Check(new byte[length], PvGrub.Any)));

    [Fact]
    public void A_kernel_that_is_cut_off_is_told()
    {
        byte[] kernel = Image([0x1F, 0x8B, 8, 0], 1);
        Assert.Contains("is cut off", Assert.Single(Check(kernel[..^1], PvGrub.Any)));
        BinaryPrimitives.WriteUInt32LittleEndian(kernel.AsSpan(0x248), uint.MaxValue);
        Assert.Contains("is cut off", Assert.Single(Check(kernel, PvGrub.Any)));
    }

    [Fact]
    public void An_old_boot_protocol_is_told()
    {
        byte[] kernel = Image([0x1F, 0x8B, 8, 0], 1);
        kernel[0x206] = 7;
        Assert.Contains("has boot protocol 2.07, older than the 2.08", Assert.Single(Check(kernel, PvGrub.Any)));
    }

    private static string[] Check(byte[] kernel, PvGrub loader, int? bits = null) =>
        [.. new KernelCheck(new XenKernelInspector(), loader, bits).Problems(new BytesFile(kernel))];

    /// <summary>A bzImage: one boot sector, four of setup, then the payload with its length behind it, as the kernel's build appends it.</summary>
    private static byte[] Image(byte[] payload, ushort xloadflags)
    {
        byte[] image = new byte[(5 * 512) + 64 + payload.Length + 4];
        image[0x1F1] = 4; // setup_sects
        "HdrS"u8.CopyTo(image.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x206), 0x20F);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x236), xloadflags);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x248), 64);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x24C), (uint)payload.Length + 4);
        payload.CopyTo(image, (5 * 512) + 64);
        return image;
    }

    private sealed class BytesFile(byte[] bytes) : IGuestFile
    {
        public string Name => "/vmlinuz";

        public long Size => bytes.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            if (offset >= bytes.Length)
            {
                return 0;
            }

            ReadOnlySpan<byte> rest = bytes.AsSpan((int)offset);
            rest = rest[..Math.Min(rest.Length, buffer.Length)];
            rest.CopyTo(buffer);
            return rest.Length;
        }

        public void Dispose()
        {
        }
    }
}

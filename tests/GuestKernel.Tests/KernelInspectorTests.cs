using System.Buffers.Binary;
using BlockRbd.Unpacking;
using Xunit;

namespace BlockRbd.GuestKernel.Tests;

/// <summary>Kernels of every packing and bitness, good, damaged and hostile.</summary>
public sealed class KernelInspectorTests
{
    private static readonly string PvNotes = Kernels.Note(1, ".quad 0xffffffff82000000") + Kernels.Note(5, ".asciz \"xen-3.0\"") + Kernels.Note(6, ".asciz \"linux\"")
        + Kernels.Note(8, ".asciz \"generic\"") + Kernels.Note(10, ".asciz \"!writable_page_tables|pae_pgdir_above_4gb\"");

    private static readonly byte[] Both = Kernels.Elf(PvNotes + Kernels.Note(18, ".quad 0x1000000"));

    public static TheoryData<string> Compressors => [.. Kernels.Compressors.Keys];

    [Theory]
    [MemberData(nameof(Compressors))]
    public void A_kernel_packed_as_Linux_packs_itself_comes_out_whole(string compressor)
    {
        byte[] kernel = Kernels.BzImage(Kernels.Pack(compressor, Both));

        KernelImage image = KernelInspector.Look(new BytesFile(kernel));
        Assert.Null(image.NotesProblem);
        Assert.Equal(compressor, image.PackingName);
        Assert.Equal(Both.Length, image.UnpackedSize);
        Assert.Equal("6.1.0-test", image.Version);
        Assert.Equal((0xffffffff82000000UL, 0x1000000UL), (image.Notes!.PvEntry, image.Notes.PvhEntry));
        Assert.Equal("!writable_page_tables|pae_pgdir_above_4gb", image.Notes.Features);
        Assert.Equal(Both, Kernels.Unpack(kernel));
    }

    [Fact]
    public void A_payload_that_is_not_packed_is_taken_as_it_is()
    {
        byte[] kernel = Kernels.BzImage(Both);

        Assert.Equal("none", KernelInspector.Look(new BytesFile(kernel)).PackingName);
        Assert.Equal(Both, Kernels.Unpack(kernel));
    }

    [Fact]
    public void An_ELF_file_tells_what_it_can_be_started_as()
    {
        KernelImage both = KernelInspector.Look(new BytesFile(Both));
        KernelImage pvh = KernelInspector.Look(new BytesFile(Kernels.Elf(Kernels.Note(18, ".long 0x1000000"))));
        KernelImage none = KernelInspector.Look(new BytesFile(Kernels.Elf("")));

        Assert.Equal((KernelFormat.Elf, 64, true, true), (both.Format, both.Bits, both.CanStart(GuestType.Pv), both.CanStart(GuestType.Pvh)));
        Assert.Equal((false, true), (pvh.CanStart(GuestType.Pv), pvh.CanStart(GuestType.Pvh)));
        Assert.Equal((false, false, 0), (none.CanStart(GuestType.Pv), none.CanStart(GuestType.Pvh), none.Notes!.Count));
    }

    [Fact]
    public void A_file_of_32_bits_says_so()
    {
        byte[] elf = Kernels.Elf(PvNotes.Replace(".quad 0xffffffff82000000", ".long 0xc1000000", StringComparison.Ordinal), is32: true);

        KernelImage image = KernelInspector.Look(new BytesFile(elf));
        Assert.Equal((32, 0xc1000000UL), (image.Bits, image.Notes!.PvEntry));
        Assert.Equal(32, KernelInspector.LookAtHeaders(new BytesFile(Kernels.BzImage(Kernels.Pack("gzip", elf), xloadflags: 0))).Bits);
    }

    [Theory]
    [MemberData(nameof(Compressors))]
    public void A_payload_that_is_cut_off_is_one_sentence(string compressor)
    {
        byte[] payload = Kernels.Pack(compressor, Both);
        byte[] kernel = Kernels.BzImage([.. payload[..(payload.Length / 2)], .. payload[^4..]]);

        KernelException caught = Assert.Throws<KernelException>(() => Kernels.Unpack(kernel));
        Assert.StartsWith("can't be unpacked: ", caught.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', caught.Message);
    }

    [Theory]
    [MemberData(nameof(Compressors))]
    public void More_than_may_come_out_is_one_sentence(string compressor)
    {
        KernelException caught = Assert.Throws<KernelException>(() => Kernels.Unpack(Kernels.BzImage(Kernels.Pack(compressor, Both)), Both.Length - 1));
        Assert.Equal(UnpackFault.OverLimit, caught.Fault);
        Assert.Contains($"{Both.Length - 1}", caught.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_that_is_not_that_of_what_comes_out_is_told()
    {
        byte[] payload = Kernels.Pack("lz4", Both);
        payload[^4]++;

        Assert.Contains($"unpacks to {Both.Length} bytes, but says itself that it has {Both.Length + 1}",
            Assert.Throws<KernelException>(() => Kernels.Unpack(Kernels.BzImage(payload))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_unpacks_to_no_ELF_file_is_told_before_a_byte_of_it_is_kept()
    {
        BytesFile kernel = new(Kernels.BzImage(Kernels.Pack("xz", new byte[100_000])));
        using MemoryStream destination = new();

        KernelException caught = Assert.Throws<KernelException>(() => KernelInspector.Unpack(kernel, KernelInspector.LookAtHeaders(kernel), destination, 1 << 20));
        Assert.Equal("unpacks to something that is no ELF file", caught.Message);
        Assert.Equal(0, destination.Length);
        Assert.Equal("unpacks to something that is no ELF file", KernelInspector.Look(kernel).NotesProblem);
    }

    [Theory]
    [InlineData(0, "is empty")]
    [InlineData(100, "is neither a bzImage nor an ELF file")]
    [InlineData(5000, "is neither a bzImage nor an ELF file")]
    public void What_is_no_kernel_is_told(int length, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<KernelException>(() => KernelInspector.Look(new BytesFile(new byte[length]))).Message);

    [Fact]
    public void Headers_that_lead_out_of_the_file_are_told()
    {
        byte[] kernel = Kernels.BzImage(Kernels.Pack("gzip", Both));
        Assert.Contains("has boot protocol 2.07", Caught(kernel, 0x206, 0x07, 0x02));
        Assert.Contains("is cut off: its payload ends at byte", Caught(kernel, 0x24C, 0xFF, 0xFF, 0xFF, 0xFF));
        Assert.Contains("is cut off: its payload ends at byte", Caught(kernel, 0x248, 0xFF, 0xFF, 0xFF, 0xFF));
        Assert.Equal("is cut off inside its setup header", Assert.Throws<KernelException>(() => KernelInspector.Look(new BytesFile(kernel[..0x210]))).Message);
        Assert.Equal("is packed with something unknown", KernelInspector.Look(new BytesFile(Kernels.BzImage("something else entirely"u8.ToArray()))).NotesProblem);
    }

    [Fact]
    public void Hostile_ELF_headers_end_in_the_one_exception()
    {
        Assert.Contains("program headers", Caught(Both, 56, 0xFF, 0xFF));                         // e_phnum
        Assert.Contains("program headers", Caught(Both, 32, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)); // e_phoff
        Assert.Contains("program headers", Caught(Both, 54, 1, 0));                               // e_phentsize
        Assert.Contains("no x86 kernel", Caught(Both, 5, 2));                                     // EI_DATA: big-endian
        int note = FindNoteHeader();
        Assert.Contains("bytes of notes", Caught(Both, note + 32, 0xFF, 0xFF, 0xFF, 0xFF));       // p_filesz
        Assert.Contains("bytes of notes", Caught(Both, note + 8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)); // p_offset
        Assert.Equal("ends before its notes do", KernelInspector.Look(new BytesFile(Patched(Both, note + 8, 0, 0, 0, 8))).NotesProblem);
    }

    [Fact]
    public void Random_damage_never_leads_to_another_exception()
    {
        byte[] kernel = Kernels.BzImage(Kernels.Pack("gzip", Both));
        Random random = new(7);
        foreach (byte[] good in new[] { kernel, Both })
        {
            for (int i = 0; i < 500; i++)
            {
                byte[] damaged = [.. good];
                for (int j = 0; j < 4; j++)
                {
                    damaged[random.Next(random.Next(2) == 0 ? 0x270 : damaged.Length)] = (byte)random.Next(256);
                }

                try
                {
                    KernelImage image = KernelInspector.Look(new BytesFile(damaged));
                    Assert.True(image.Notes is not null || image.NotesProblem is not null);
                }
                catch (KernelException caught)
                {
                    Assert.NotEmpty(caught.Message);
                }
            }
        }
    }

    private static int FindNoteHeader()
    {
        int count = BinaryPrimitives.ReadUInt16LittleEndian(Both.AsSpan(56));
        return Enumerable.Range(0, count).Select(i => 64 + (i * 56)).First(at => BinaryPrimitives.ReadUInt32LittleEndian(Both.AsSpan(at)) == 4);
    }

    private static byte[] Patched(byte[] good, int at, params byte[] bytes)
    {
        byte[] patched = [.. good];
        bytes.CopyTo(patched, at);
        return patched;
    }

    private static string Caught(byte[] good, int at, params byte[] bytes) =>
        Assert.Throws<KernelException>(() => KernelInspector.Look(new BytesFile(Patched(good, at, bytes)))).Message;
}

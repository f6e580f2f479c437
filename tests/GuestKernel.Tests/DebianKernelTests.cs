using System.Globalization;
using System.Text.RegularExpressions;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestKernel.Tests;

/// <summary>Real kernels of Debian: what is said of them is what readelf and GRUB say of them.</summary>
public sealed class DebianKernelTests
{
    [Theory]
    [InlineData("bookworm-amd64", "xz")]
    [InlineData("bookworm-cloud", "lz4")]
    [InlineData("sid-cloud", "zstd")]
    public void What_is_said_of_a_kernel_is_what_readelf_and_grub_file_say(string name, string packing)
    {
        byte[] kernel = Kernels.Debian(name);
        KernelImage image = KernelInspector.Look(new BytesFile(kernel));
        using ScratchFolder folder = new();
        File.WriteAllBytes(folder["bzImage"], kernel);
        File.WriteAllBytes(folder["vmlinux"], Kernels.Unpack(kernel));

        Assert.Equal(packing, image.PackingName);
        Assert.Equal(64, image.Bits);
        Assert.Contains($"version {image.Version},", Tool.Check("/usr/bin/file", "-b", folder["bzImage"]).Text, StringComparison.Ordinal);
        Assert.Contains($"ELF64", Tool.Check(Tool.Path("readelf"), "-h", folder["vmlinux"]).Text, StringComparison.Ordinal);
        Assert.Equal(image.UnpackedSize, new FileInfo(folder["vmlinux"]).Length);

        string notes = Tool.Check(Tool.Path("readelf"), "-nW", folder["vmlinux"]).Text;
        Dictionary<int, ulong> numbers = Numbers(notes);
        Assert.Equal(numbers.TryGetValue(1, out ulong entry) ? entry : null, image.Notes!.PvEntry);
        Assert.Equal(numbers.TryGetValue(2, out ulong page) ? page : null, image.Notes.HypercallPage);
        Assert.Equal(numbers.TryGetValue(18, out ulong pvh) ? pvh : null, image.Notes.PvhEntry);
        Assert.Equal(Regex.Count(notes, @"^\s+Xen\s", RegexOptions.Multiline), image.Notes.Count);
        Assert.Equal("linux", image.Notes.GuestOs);
        Assert.Equal("xen-3.0", image.Notes.XenVersion);

        // grub-file (GRUB 2.06) can't look into an LZ4 or zstd payload, so it is asked about what came out of it; about PVH it has no question.
        bool isDomU = Tool.Run(Tool.Path("grub-file"), "--is-x86_64-xen-domu", folder["vmlinux"]).ExitCode == 0;
        Assert.Equal(isDomU, image.CanStart(GuestType.Pv));
        if (packing == "xz")
        {
            Assert.Equal(isDomU, Tool.Run(Tool.Path("grub-file"), "--is-x86_64-xen-domu", folder["bzImage"]).ExitCode == 0);
        }
    }

    [Fact]
    public void Headers_alone_take_a_few_reads()
    {
        CountingFile file = new(new BytesFile(Kernels.Debian("sid-cloud")));

        Assert.Null(KernelInspector.LookAtHeaders(file).Notes);
        Assert.InRange(file.Bytes, 1, 8192);
    }

    // "  Xen   0x00000008  Unknown note type: (0x00000012)  description data: 00 00 00 01 00 00 00 00": readelf knows the owner, not the types,
    // and takes 1 and 2 for what they are in files that aren't Xen's.
    private static Dictionary<int, ulong> Numbers(string readelf)
    {
        Dictionary<int, ulong> numbers = [];
        foreach (Match match in Regex.Matches(readelf, @"^\s+Xen\s+0x\w+\s+(NT_VERSION|NT_ARCH|.*?\(0x(\w+)\)).*?description data: ([0-9a-f ]+?)\s*$", RegexOptions.Multiline))
        {
            byte[] bytes = Convert.FromHexString(match.Groups[3].Value.Replace(" ", "", StringComparison.Ordinal));
            if (bytes.Length is 4 or 8)
            {
                string type = match.Groups[1].Value switch { "NT_VERSION" => "1", "NT_ARCH" => "2", _ => match.Groups[2].Value };
                numbers[int.Parse(type, NumberStyles.HexNumber, CultureInfo.InvariantCulture)] =
                    bytes.Length == 8 ? BitConverter.ToUInt64(bytes) : BitConverter.ToUInt32(bytes);
            }
        }

        Assert.NotEmpty(numbers);
        return numbers;
    }

    private sealed class CountingFile(IKernelFile file) : IKernelFile
    {
        public long Bytes { get; private set; }

        public long Size => file.Size;

        public int Read(long offset, Span<byte> buffer)
        {
            Bytes += buffer.Length;
            return file.Read(offset, buffer);
        }
    }
}

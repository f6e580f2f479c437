using System.Buffers.Binary;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Fat;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Fat;

/// <summary>Boot sectors, tables and directories that lie.</summary>
public sealed class FatHostileTests
{
    private const int Variants = 400;

    // Fields by their offset in fatgen103.
    [Theory]
    [InlineData(11, 2, 3, ImageFault.NotRecognized)] // BPB_BytsPerSec: no power of two
    [InlineData(11, 2, 8192, ImageFault.NotRecognized)]
    [InlineData(13, 1, 0, ImageFault.NotRecognized)] // BPB_SecPerClus
    [InlineData(13, 1, 3, ImageFault.NotRecognized)]
    [InlineData(14, 2, 0, ImageFault.NotRecognized)] // BPB_RsvdSecCnt
    [InlineData(16, 1, 0, ImageFault.NotRecognized)] // BPB_NumFATs
    [InlineData(21, 1, 0, ImageFault.NotRecognized)] // BPB_Media
    [InlineData(36, 4, 0, ImageFault.NotRecognized)] // BPB_FATSz32
    [InlineData(36, 4, uint.MaxValue, ImageFault.Corrupt)] // tables larger than the volume
    [InlineData(32, 4, 10, ImageFault.Corrupt)] // BPB_TotSec32 ends before the clusters
    [InlineData(40, 2, 0x8F, ImageFault.Corrupt)] // BPB_ExtFlags: table 15 of 2
    [InlineData(44, 4, 0, ImageFault.Corrupt)] // BPB_RootClus
    [InlineData(44, 4, 0x0FFFFFF0, ImageFault.Corrupt)]
    public void A_boot_sector_that_contradicts_itself_is_refused(int offset, int length, uint value, ImageFault fault)
    {
        byte[] disk = Good("fat32");
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        bytes[..length].CopyTo(disk.AsSpan(offset));
        Assert.Equal(fault, Assert.Throws<ImageFormatException>(() => FatFileSystem.Open(new MemorySource(disk))).Fault);
    }

    [Theory]
    [InlineData(0u)] // free
    [InlineData(1u)]
    [InlineData(0x0FFFFFF7u)] // bad
    [InlineData(0x0FFFFFF0u)] // out of the volume
    public void A_chain_that_leads_elsewhere_is_refused(uint value)
    {
        byte[] disk = Good("fat32");
        (FatBootSector boot, uint first) = KernelOf(disk);
        SetNext(disk, boot, first + 5, value);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ReadKernel(disk));
        Assert.Equal(ImageFault.Corrupt, e.Fault);
        Assert.Contains($"cluster {first + 5}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_that_runs_in_a_circle_is_refused_though_it_is_long_enough()
    {
        byte[] disk = Good("fat32");
        (FatBootSector boot, uint first) = KernelOf(disk);
        SetNext(disk, boot, first + 5, first + 2);
        Assert.Contains("circle", Assert.Throws<ImageFormatException>(() => ReadKernel(disk)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_that_is_too_short_is_refused()
    {
        byte[] disk = Good("fat32");
        (FatBootSector boot, uint first) = KernelOf(disk);
        SetNext(disk, boot, first + 5, 0x0FFFFFFF);
        Assert.Contains("3000000 bytes in 6 clusters", Assert.Throws<ImageFormatException>(() => ReadKernel(disk)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_name_whose_sum_is_not_its_short_name_s_counts_for_nothing()
    {
        byte[] disk = Good("fat32");
        FatBootSector boot = FatBootSector.Read(new MemorySource(disk));
        byte[] kernel = "KERNEL~1EFI"u8.ToArray();
        int record = disk.AsSpan((int)boot.Layout.DataStart).IndexOf(kernel) + (int)boot.Layout.DataStart;
        disk[record - 32 + 13] ^= 1; // LDIR_Chksum of the piece before it
        FileNode directory = GuestPath.Resolve(FatFileSystem.Open(new MemorySource(disk)), "/EFI/Linux"u8);
        Assert.Equal("KERNEL~1.EFI"u8.ToArray(), Assert.Single(directory.List()).Name.ToArray());
    }

    [Theory]
    [InlineData("fat12")]
    [InlineData("fat32-reserved")]
    public void Random_damage_never_ends_in_another_exception(string image)
    {
        using FileSource file = FileSource.Open(TestImages.Image("fat", image));
        PatchedSource source = new(file);
        GuestFileSystem open() => FatFileSystem.Open(source);
        (long, int)[] metadata = [(0, 90), (0, (int)FatBootSector.Read(file).Layout.DataStart + 200_000)];
        for (int seed = 0; seed < Variants; seed++)
        {
            Survival.Damage(source, metadata, seed, 40);
            Survival.Check(open, $"{image}, seed {seed}");
        }
    }

    private static byte[] Good(string image) => File.ReadAllBytes(TestImages.Image("fat", image));

    private static void ReadKernel(byte[] disk) =>
        GuestPath.ResolveFile(FatFileSystem.Open(new MemorySource(disk)), "/EFI/Linux/kernel-6.1.0-31-amd64.efi"u8).Read(0, new byte[10]);

    /// <summary>The kernel's first cluster: where its first bytes, which GRUB reads, stand.</summary>
    private static (FatBootSector Boot, uint First) KernelOf(byte[] disk)
    {
        string path = TestImages.Image("fat", "fat32");
        byte[] content = Tool.Check(Tool.Path("grub-fstest"), path, "cat", "(loop0)/EFI/Linux/kernel-6.1.0-31-amd64.efi").Output;
        FatBootSector boot = FatBootSector.Read(new MemorySource(disk));
        long at = disk.AsSpan((int)boot.Layout.DataStart).IndexOf(content.AsSpan(0, 512));
        return (boot, (uint)(at / boot.Layout.ClusterBytes) + 2);
    }

    private static void SetNext(byte[] disk, FatBootSector boot, uint cluster, uint next) =>
        BinaryPrimitives.WriteUInt32LittleEndian(disk.AsSpan((int)boot.Layout.TableStart + (4 * (int)cluster)), next);
}

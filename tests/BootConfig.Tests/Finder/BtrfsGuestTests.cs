using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Finder;

/// <summary>Guests whose system is in a subvolume.</summary>
public sealed class BtrfsGuestTests
{
    private const string Root = "root=UUID=11111111-2222-3333-4444-555555555555";

    [Theory]
    [InlineData("fedora", "/root/boot/grub2/grub.cfg", "Fedora 2", "2", Root + " ro rootflags=subvol=root")]
    [InlineData("opensuse", "/@/.snapshots/2/snapshot/boot/grub2/grub.cfg", "openSUSE snapshot 2, once", "2", Root + " once")]
    [InlineData("ubuntu", "/@/boot/grub/grub.cfg", "Ubuntu", "1", Root + " ro rootflags=subvol=@")]
    public void A_system_in_a_subvolume_is_found_and_its_kernel_is_the_right_one(string guest, string config, string title, string number, string arguments)
    {
        using FileSource source = FileSource.Open(TestImages.Image("btrfs-boot", guest));
        GuestBootHost host = new(GuestDiskSet.Open([source]));
        BootSearch search = BootFinder.Find(host);
        Assert.NotNull(search.Menu);
        Assert.Equal($"(hd0,msdos1){config}", search.Menu.Config.ToString());
        Assert.Equal(title, search.Menu.Default!.Title);
        LinuxBoot plan = Assert.IsType<LinuxBoot>(search.Menu.Default.Plan());
        Assert.Equal(Payload($"vmlinuz-{number}"), Hash(plan.Kernel));
        Assert.Equal(Payload($"initrd-{number}"), Hash(Assert.Single(plan.Initrds)));
        Assert.Contains(arguments, plan.Arguments, StringComparison.Ordinal);
    }

    private static string Hash(BootFile file) => TreeListing.Hash(Assert.IsType<GuestBootVolume>(file.Volume).Resolve(file.Path)!);

    private static string Payload(string name) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(TestImages.Folder("btrfs-boot"), "payload", name))));
}

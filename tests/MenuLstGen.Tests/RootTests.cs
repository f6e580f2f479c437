using BlockRbd.MenuLstGen.Guest.Mounted;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.MenuLstGen.Tests;

/// <summary>--root: a guest in a directory, with what its host tells of mounts and disks.</summary>
public sealed class RootTests : IDisposable
{
    private const string Config = """
        search --no-floppy --fs-uuid --set=root 11111111-2222-3333-4444-555555555555
        menuentry 'One' { linux /boot/vmlinuz ro
        initrd /boot/initrd }
        """;

    private readonly ScratchFolder _scratch = new();
    private readonly List<string> _notes = [];

    private string Root => _scratch["root"];

    private HostSystem System => new(_scratch["mountinfo"], _scratch["sys"], _scratch["dev"]);

    public RootTests()
    {
        Put("root/boot/grub/grub.cfg", Config);
        Put("root/boot/vmlinuz", "kernel");
        Put("root/boot/initrd", "initrd");
        Put("mountinfo", "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
        Directory.CreateDirectory(_scratch["sys/block"]);
        Directory.CreateDirectory(_scratch["dev"]);
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_directory_that_is_no_mount_wants_to_be_told_its_partition()
    {
        ToolResult result = MenuLstProgram.Run("--root", Root);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("nothing tells which partition of the guest it is; or give --grub-root='(hd0,0)'", result.Error);
        result = MenuLstProgram.Run("--root", Root, "--grub-root", "(hd1,4)");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("root (hd1,4)\nkernel /boot/vmlinuz ro\ninitrd /boot/initrd\n", result.Text);
    }

    [Fact]
    public void The_guests_fstab_tells_its_partition()
    {
        Put("root/etc/fstab", "# x\n/dev/xvdb3 / ext4 defaults 0 1\n");
        Assert.Equal("hd1,msdos3", Open().GrubName);
        Assert.Equal("the guest's /etc/fstab has /dev/xvdb3 at /: taken as PV-GRUB's (hd1,2)", Assert.Single(_notes));
    }

    [Fact]
    public void The_guests_fstab_tells_what_search_looks_for()
    {
        Put("root/etc/fstab", "UUID=11111111-2222-3333-4444-555555555555 / ext4 defaults 0 1\n");
        Assert.Equal("11111111-2222-3333-4444-555555555555", Open("(hd0,0)").Uuid);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../../../../../../../etc/passwd")]
    public void No_symbolic_link_leads_out(string target)
    {
        File.CreateSymbolicLink(_scratch["root/boot/out"], target);
        File.CreateSymbolicLink(_scratch["root/boot/inside"], "/boot/vmlinuz");
        DirectoryVolume volume = Open("(hd0,0)");
        Assert.Null(volume.Stat("/boot/out"));
        Assert.Null(volume.ReadFile("/boot/out", 1 << 20));
        Assert.Null(volume.ReadFile("/../../../../../../etc/passwd", 1 << 20));
        Assert.Equal("kernel"u8.ToArray(), volume.ReadFile("/boot/inside", 100));
    }

    [Fact]
    public void A_fifo_of_the_guest_hangs_nobody()
    {
        Tool.Check("/usr/bin/mkfifo", _scratch["root/boot/fifo"]);
        Assert.Null(Open("(hd0,0)").Stat("/boot/fifo"));
        Assert.Null(Open("(hd0,0)").ReadFile("/boot/fifo", 100));
    }

    [Fact]
    public void A_link_of_the_guest_does_not_lead_the_output_out()
    {
        Put("victim", "untouched");
        Directory.CreateDirectory(_scratch["elsewhere"]);
        File.CreateSymbolicLink(_scratch["root/boot/grub/menu.lst"], _scratch["victim"]);
        File.CreateSymbolicLink(_scratch["root/away"], _scratch["elsewhere"]);
        ToolResult result = MenuLstProgram.Run("--root", Root, "--grub-root", "(hd0,0)", "-o", _scratch["root/boot/grub/menu.lst"]);
        Assert.Equal(7, result.ExitCode);
        Assert.Contains("is a symbolic link of the guest's: name the file that it leads to; nothing was written", result.Error);
        result = MenuLstProgram.Run("--root", Root, "--grub-root", "(hd0,0)", "-o", _scratch["root/away/menu.lst"]);
        Assert.Equal(7, result.ExitCode);
        Assert.Equal("untouched", File.ReadAllText(_scratch["victim"]));
        Assert.Empty(Directory.GetFileSystemEntries(_scratch["elsewhere"]));
    }

    [Fact]
    public void A_partition_is_known_by_sysfs_and_its_disks_own_bytes()
    {
        Mount("/", "202:1", "/dev/xvda1");
        Device("xvda", "202:0", null);
        Device("xvda1", "202:1", 1);
        File.CreateSymbolicLink(_scratch["dev/xvda"], MenuLstProgram.Disk("msdos"));
        DirectoryVolume volume = Open();
        Assert.Equal(("hd0,msdos1", "ext2", "11111111-2222-3333-4444-555555555555", "root"), (volume.GrubName, volume.FileSystem, volume.Uuid, volume.Label));
        Assert.Contains("64bit", volume.Features);
        Assert.Equal("/dev/xvda is taken for the guest's first disk, (hd0): --device says otherwise", Assert.Single(_notes));
    }

    [Fact]
    public void A_mounted_boot_is_a_volume_of_its_own()
    {
        Mount("/", "202:2", "/dev/xvda2");
        Mount("/boot", "202:1", "/dev/xvda1");
        Device("xvda", "202:0", null);
        Device("xvda1", "202:1", 1);
        Device("xvda2", "202:2", 2);
        using DirectoryHost host = DirectoryHost.Open(Root, new GenRequest { Root = Root, GrubRoots = ["(hd3,1)"] }, System, _notes.Add);
        Assert.Equal(["hd3,msdos2", "hd0,msdos1"], host.Volumes.Select(volume => volume.GrubName));
        Assert.NotNull(host.Volumes[1].Stat("/vmlinuz"));
    }

    [Fact]
    public void A_bind_mount_is_no_volume_of_its_own()
    {
        Mount("/", "202:1", "/dev/xvda1");
        Mount("/etc", "202:1", "/dev/xvda1");
        Mount("/boot", "202:2", "/dev/xvda2");
        Mount("/boot/grub", "202:2", "/dev/xvda2");
        Device("xvda", "202:0", null);
        Device("xvda1", "202:1", 1);
        Device("xvda2", "202:2", 2);
        Directory.CreateDirectory(_scratch["root/etc"]);
        using DirectoryHost host = DirectoryHost.Open(Root, new GenRequest { Root = Root }, System, _notes.Add);
        Assert.Equal(["hd0,msdos1", "hd0,msdos2"], host.Volumes.Select(volume => volume.GrubName));
    }

    [Fact]
    public void Several_disks_want_to_be_put_in_order()
    {
        Mount("/", "202:1", "/dev/loop1p1");
        Mount("/boot", "202:17", "/dev/loop2p1");
        Device("loop1", "202:0", null);
        Device("loop1p1", "202:1", 1);
        Device("loop2", "202:16", null);
        Device("loop2p1", "202:17", 1);
        GenException e = Assert.Throws<GenException>(() => Open());
        Assert.Contains("one of several disks: --device=DISK names them in the guest's order", e.Message);
        using DirectoryHost host = DirectoryHost.Open(Root, new GenRequest { Root = Root, Devices = ["/dev/loop2", "/dev/loop1"] }, System, _notes.Add);
        Assert.Equal(["hd1,msdos1", "hd0,msdos1"], host.Volumes.Select(volume => volume.GrubName));
    }

    [Fact]
    public void LVM_has_no_name_in_a_menu_lst()
    {
        Mount("/", "253:0", "/dev/mapper/vg-root");
        Device("dm-0", "253:0", null);
        Put("sys/devices/dm-0/dm/uuid", "LVM-abc");
        Put("sys/devices/dm-0/dm/name", "vg-root");
        Assert.Equal("lvm/vg-root", Open().GrubName);
        Assert.Null(Menu.LegacyName.Of("lvm/vg-root"));
    }

    [Fact]
    public void A_partition_that_kpartx_made_is_one()
    {
        Mount("/", "253:0", "/dev/mapper/loop0p3");
        Device("dm-0", "253:0", null);
        Put("sys/devices/dm-0/dm/uuid", "part3-devnode_7:0_abc");
        Directory.CreateDirectory(_scratch["sys/devices/dm-0/slaves/loop0"]);
        Assert.Equal("hd0,msdos3", Open().GrubName);
    }

    [Fact]
    public void A_real_mount_of_a_real_disk_gives_what_the_disk_gives()
    {
        using LoopDevice loop = new(MenuLstProgram.Disk("whole-disk"));
        ToolResult result = MenuLstProgram.Shell("exec unshare -m bash -c 'mount -o ro \"$1\" \"$2\" && exec \"$P\" --root \"$2\"' bash \"$1\" \"$2\"", loop.Path, Root);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(MenuLstProgram.Run(MenuLstProgram.Disk("whole-disk")).Text, result.Text);
    }

    private DirectoryVolume Open(params string[] grubRoots)
    {
        DirectoryHost host = DirectoryHost.Open(Root, new GenRequest { Root = Root, GrubRoots = grubRoots }, System, _notes.Add);
        return (DirectoryVolume)host.Volumes[0];
    }

    private void Put(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_scratch[name])!);
        File.WriteAllText(_scratch[name], text);
    }

    private void Mount(string point, string number, string source) =>
        File.AppendAllText(_scratch["mountinfo"], $"30 21 {number} / {(Root + point).TrimEnd('/')} rw,relatime shared:1 - ext4 {source} rw\n");

    /// <summary>As the kernel lays it out: a partition's folder stands in its disk's.</summary>
    private void Device(string name, string number, int? partition)
    {
        string disk = partition is null ? name : name[..^1].TrimEnd('p');
        string path = partition is null ? $"sys/devices/{name}" : $"sys/devices/{disk}/{name}";
        Directory.CreateDirectory(_scratch[path]);
        if (partition is { } value)
        {
            Put($"{path}/partition", $"{value}\n");
        }

        Directory.CreateDirectory(_scratch["sys/dev/block"]);
        Directory.CreateSymbolicLink(_scratch[$"sys/dev/block/{number}"], _scratch[path]);
    }
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BlockRbd.BootConfig.Grub2;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Grub2;

/// <summary>Disk images inside the guest, as GRUB opens them: the same disk read by the real GRUB and by us.</summary>
public sealed partial class LoopbackTests
{
    private const string Live = "/live.iso";

    // What a line prints must be the same in both. "linux" and "initrd" are functions there and commands here.
    private static readonly string[] Scripts =
    [
        "loopback loop /live.iso; cat (loop)/isolinux/isolinux.cfg",
        "loopback loop /live.iso; if [ -f (loop)/live/vmlinuz ]; then echo there; else echo not there; fi",
        "loopback loop /live.iso; if [ -d (loop)/live ]; then echo there; fi; if [ -e (loop)/nowhere ]; then echo wrong; fi",
        "loopback loop (hd0)/live.iso; set root=(loop); cat /isolinux/isolinux.cfg; echo $root",
        "loopback loop /live.iso; set root=loop; for f in /live/*; do echo $f; done",
        "loopback loop /live.iso; search --set=found --file /live/vmlinuz; echo $found",
        "loopback a /live.iso; loopback b /live.iso; search --set=found --file /live/vmlinuz; echo $found",
        "loopback loop /live.iso; search --set=found --label LIVE; echo $found",
        "loopback loop /live.iso; search --set=found --fs-uuid 2023-11-14-22-13-20-00; echo $found",
        "loopback loop /live.iso; search --set=found --file /disk-only; echo $found",
        "loopback loop /two.img; search --set=found --file /both; echo $found; search --set=found --hint loop, --file /hinted; echo $found",
        "loopback loop /live.iso; probe --fs (loop); probe --fs-uuid (loop); probe --label loop; probe --partmap (loop); probe --driver (loop)",
        "loopback loop /live.iso; probe --set=x --partmap (loop,msdos1); echo $x; probe --set=x --fs (loop,msdos1); echo $x; probe --set=x --fs (loop,1); echo $x",
        "loopback loop /live.iso; cat (loop,msdos1)/isolinux/isolinux.cfg; cat (loop,1)/isolinux/isolinux.cfg",
        "loopback loop /live.iso; probe --fs (loop,msdos7)",
        "loopback loop /live.iso; loopback loop /live.iso; echo $?",
        "loopback loop /live.iso; loopback -d loop; echo $?; cat (loop)/isolinux/isolinux.cfg",
        "loopback -d loop; echo $?",
        "loopback; echo $?",
        "loopback loop; echo $?",
        "loopback loop /nowhere; echo $?",
        "loopback loop /folder; echo $?",
        "loopback loop (hd7)/live.iso",
        "loopback loop /text; probe --fs (loop); echo $?",
        "loopback --delete loop; loopback --decompress loop /live.iso; probe --fs (loop)",
        "loopback outer /outer.iso; loopback inner (outer)/inner.iso; cat (inner)/isolinux/isolinux.cfg; search --set=found --file /live/vmlinuz; echo $found",
        "set iso=/live.iso; loopback loop $iso; set root=(loop); configfile /boot/grub/loopback.cfg",
        "loopback loop (hd0)/live.iso; source (loop)/isolinux/isolinux.cfg",
    ];

    [Fact]
    public void Scripts_print_what_they_print_in_real_GRUB()
    {
        using RealGrub grub = new();
        Dictionary<string, string> files = Files();
        StringBuilder config = new();
        for (int i = 0; i < Scripts.Length; i++)
        {
            config.Append(CultureInfo.InvariantCulture, $"echo @@{i}\n{Scripts[i]}\necho\n");
            config.Append("loopback -d loop\nloopback -d a\nloopback -d b\nloopback -d inner\nloopback -d outer\nset root=hd0\nunset found\nunset x\n");
        }

        files["/wrapper/grub.cfg"] = $"set prefix=(hd0)/boot/grub\n{config}\nhalt\n";
        string[] real = Errors().Replace(grub.Run(config.ToString(), files), "error\n").Split("@@");
        string[] ours = Errors().Replace(Ours(grub.DiskImage), "error\n").Split("@@");
        Assert.Equal(real.Length, ours.Length);
        string[] differences = [.. real.Zip(ours).Where(pair => pair.First != pair.Second).Select(pair => $"{Scripts[int.Parse(pair.First.Split('\n')[0], CultureInfo.InvariantCulture)]}\n--- GRUB\n{pair.First}\n--- ours\n{pair.Second}")];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
        Assert.Contains("there", real[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Live_media_in_a_file_boot_from_it()
    {
        Dictionary<string, string> files = Files();
        files["/boot/grub/grub.cfg"] = """
            menuentry "Live" {
              set iso=/live.iso
              loopback loop $iso
              linux (loop)/live/vmlinuz boot=live findiso=$iso
              initrd (loop)/live/initrd.img
            }
            menuentry "Its own menu" {
              loopback loop (hd0)/live.iso
              set root=(loop)
              syslinux_configfile /isolinux/isolinux.cfg
            }
            """;
        using RealGrub grub = new();
        grub.Run("true", files);
        using FileSource source = FileSource.Open(grub.DiskImage);
        GuestBootHost host = new(GuestDiskSet.Open([source]));
        BootMenu menu = BootFinder.Find(host).Menu!;
        LinuxBoot boot = Assert.IsType<LinuxBoot>(menu.Default!.Plan());
        Assert.Equal("(loop)/live/vmlinuz", boot.Kernel.ToString());
        Assert.Equal(["(loop)/live/initrd.img"], boot.Initrds.Select(file => file.ToString()));
        Assert.Equal("boot=live findiso=/live.iso", boot.Arguments);
        GuestBootVolume loop = Assert.IsType<GuestBootVolume>(boot.Kernel.Volume);
        Assert.Equal((true, "file (hd0)/live.iso"), (loop.IsLoop, loop.Guest.About));
        Assert.Equal(300000, loop.Resolve("/live/vmlinuz")!.Size);
        LinuxBoot second = Assert.IsType<LinuxBoot>(menu.Entries[1].Plan());
        Assert.Equal("(loop)/live/vmlinuz", second.Kernel.ToString());
    }

    [Fact]
    public void Sectors_of_a_volume_are_a_device_too()
    {
        using FileSource source = FileSource.Open(TestImages.Image("iso", "hybrid-msdos"));
        string output = Run(source, "hd0", $"loopback loop (hd0)0+1000,1000+{(source.Length / 512) - 2000}; probe --fs (loop); loopback x (hd0)9+0; loopback y (hd0)0+99999999");
        Assert.Equal("iso9660error: invalid file name `9+0'.\nerror: (hd0)0+99999999 can't be read: ", output[..output.IndexOf("(hd0)0+99999999 of", StringComparison.Ordinal)], ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Devices_inside_each_other_have_a_ceiling()
    {
        using RealGrub grub = new();
        Dictionary<string, string> files = Files();
        grub.Run("true", files);
        using FileSource source = FileSource.Open(grub.DiskImage);
        string output = Run(source, "hd0", "loopback a /outer.iso; loopback b (a)/inner.iso; echo $?; echo done", new Grub2Limits { LoopDepth = 1 });
        Assert.Equal("error: more than 64 loop devices, or 1 inside each other.\n24\ndone\n", output);
    }

    private static Dictionary<string, string> Files()
    {
        byte[] live = File.ReadAllBytes(TestImages.Image("iso", "hybrid-msdos"));
        byte[] outer = File.ReadAllBytes(TestImages.Image("iso", "nested"));
        return new()
        {
            [Live] = GuestText.FromBytes(live),
            ["/outer.iso"] = GuestText.FromBytes(outer),
            ["/two.img"] = GuestText.FromBytes(File.ReadAllBytes(TestImages.Image("iso", "two-partitions"))),
            ["/disk-only"] = "x",
            ["/text"] = "not a disk at all\n",
            ["/folder/file"] = "x",
        };
    }

    private static string Ours(string image)
    {
        using FileSource source = FileSource.Open(image);
        return Run(source, "hd0", null);
    }

    private static string Run(FileSource source, string volume, string? script, Grub2Limits? limits = null)
    {
        StringBuilder printed = new();
        GuestBootHost host = new(GuestDiskSet.Open([source]));
        Grub2Options options = new()
        {
            Platform = "emu",
            Cpu = "x86_64",
            Output = text => printed.Append(text),
            ErrorOutput = text => printed.Append("error: ").Append(text).Append(".\n"),
            Limits = limits ?? new Grub2Limits(),
        };
        IBootHost asked = script is null ? host : new WithScript(host, script);
        BootMenu menu = Grub2Config.Load(asked, asked.Volumes.First(one => one.GrubName == (script is null ? volume : "script")), "/wrapper/grub.cfg", options);
        menu.Default?.Plan();
        return printed.ToString();
    }

    /// <summary>The guest, and a volume with a script of the test's beside it.</summary>
    private sealed class WithScript(GuestBootHost guest, string script) : IBootHost
    {
        public IReadOnlyList<IBootVolume> Volumes { get; } =
        [
            .. guest.Volumes, new MemoryVolume("script").File("/wrapper/grub.cfg", $"set root=hd0\n{script}\n"),
        ];
    }

    /// <summary>The real GRUB tries the network, and to load more modules, before it says what we say.</summary>
    [GeneratedRegex(@"(error: [^\n]*\n)+")]
    private static partial Regex Errors();
}

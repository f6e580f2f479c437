using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BlockRbd.BootConfig.Grub2;
using BlockRbd.BootConfig.Syslinux;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Syslinux;

/// <summary>Random configurations, read by us and by GRUB's own reader of them (grub-syslinux2cfg), whose script then is run.</summary>
public class SyslinuxConverterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Random_configurations_read_as_grub_syslinux2cfg_reads_them(int seed)
    {
        using ScratchFolder scratch = new();
        string text = RandomConfig(new Random(seed), 25);
        Directory.CreateDirectory(scratch["boot/syslinux"]);
        File.WriteAllText(scratch["boot/syslinux/syslinux.cfg"], text);

        // get-tools wraps the package's other programs; this one is beside them.
        string wrapper = File.ReadAllText(Tool.Path("grub-menulst2cfg")).Replace("/grub-menulst2cfg", "/grub-syslinux2cfg", StringComparison.Ordinal);
        Tool.Check("/bin/sh", "-c", wrapper, "sh", "-s", "-r", scratch.Path, "-c", scratch["boot/syslinux"], scratch["boot/syslinux/syslinux.cfg"], "-o", scratch["out.cfg"]);
        Assert.Equal(Lines(Converted(File.ReadAllText(scratch["out.cfg"]).Replace(scratch.Path, "", StringComparison.Ordinal))), Lines(Ours(text)));
    }

    private static BootMenu Ours(string text)
    {
        MemoryHost host = MemoryHost.With(("/boot/syslinux/syslinux.cfg", text));
        return SyslinuxConfig.Load(host, host.Volumes[0], "/boot/syslinux/syslinux.cfg");
    }

    /// <summary>The converter's script in our evaluator, which has tests of its own with real GRUB.</summary>
    private static BootMenu Converted(string script)
    {
        MemoryHost host = MemoryHost.With(("/out.cfg", script));
        return Grub2Config.Load(host, host.Volumes[0], "/out.cfg", new Grub2Options { FilesMustExist = false, Environment = new Dictionary<string, string> { ["grub_platform"] = "pc" } });
    }

    private static List<string> Lines(BootMenu menu) => [.. menu.Entries.Select(entry => entry.Plan() switch
    {
        LinuxBoot linux => $"{entry.Title}: {Clean(linux.Kernel.Path)} {string.Join(' ', Words(linux.Arguments))} - {string.Join(' ', linux.Initrds.Select(file => Clean(file.Path)))}",
        _ => $"{entry.Title}: no Linux",
    })];

    private static string Clean(string path) => SyslinuxPaths.Clean(path);

    /// <summary>GRUB leaves initrd= among the words.</summary>
    private static IEnumerable<string> Words(string arguments) =>
        arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !Regex.IsMatch(word, "^initrd="));

    private static string RandomConfig(Random random, int labels)
    {
        StringBuilder text = new();
        text.Append("DEFAULT menu.c32\n").Append(Pick(random, "timeout 50\n", "TIMEOUT 100\nPROMPT 0\n")); // without a menu GRUB makes none of it
        for (int i = 0; i < labels; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Pick(random, "label", "LABEL", "Label")} l{i}\n");
            text.Append(Pick(random, "", $"  menu label Entry {i}\n", $"\tMENU LABEL ^Hot {i}\n", $"menu  label  B^oth {i}\n"));
            text.Append(CultureInfo.InvariantCulture, $"{Gap(random)}{Pick(random, "kernel", "linux", "LINUX", "Kernel")} {Pick(random, "/vmlinuz", "vmlinuz-6.1", "../bzImage", "sub/k")}\n");
            text.Append(Pick(random, "", $"{Gap(random)}append {Pick(random, "root=/dev/xvda1 ro", "quiet  x=y,z", "ro initrd=/i.img quiet", "a initrd=u.img", "initrd=../i")}\n"));
            text.Append(random.Next(4) == 0 ? "# comment\n" : "").Append(random.Next(5) == 0 ? "\n" : "");
        }

        return text.ToString();
    }

    private static string Gap(Random random) => Pick(random, "", "  ", "\t");

    private static string Pick(Random random, params string[] values) => values[random.Next(values.Length)];
}

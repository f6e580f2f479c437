using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BlockRbd.BootConfig.GrubLegacy;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.GrubLegacy;

/// <summary>Random menus, read by us and by GRUB 2's own reader of legacy menus (grub-menulst2cfg).</summary>
public partial class LegacyConverterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_menus_read_as_grub_menulst2cfg_reads_them(int seed)
    {
        string text = RandomMenu(new Random(seed), 40);
        string file = Path.GetTempFileName();
        string output = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            Tool.Check(Tool.Path("grub-menulst2cfg"), file, output);
            Assert.Equal(Converted(File.ReadAllText(output)), Ours(text));
        }
        finally
        {
            File.Delete(file);
            File.Delete(output);
        }
    }

    /// <summary>One line for each entry: title, kernel with its device, arguments, ramdisk.</summary>
    private static List<string> Ours(string text)
    {
        MemoryHost host = new();
        for (int i = 1; i <= 9; i++)
        {
            host.Add($"hd0,msdos{i}").File("/vmlinuz").File("/boot/kernel-6.1").File("/initrd.img");
        }

        ((MemoryVolume)host.Volumes[0]).File(Menus.Lst, text);
        BootMenu menu = GrubLegacyConfig.Load(host, host.Volumes[0], Menus.Lst);
        List<string> lines = [$"timeout {menu.TimeoutSeconds}", $"default {menu.Default!.Index}"];
        foreach (BootEntry entry in menu.Entries)
        {
            LinuxBoot boot = Assert.IsType<LinuxBoot>(entry.Plan());
            string words = string.Join('|', boot.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            lines.Add($"{entry.Title}: {boot.Kernel} {words} {(boot.Initrds.Count > 0 ? boot.Initrds[0].ToString() : "-")}");
        }

        return lines;
    }

    private static List<string> Converted(string script)
    {
        List<string> lines =
        [
            $"timeout {Regex.Match(script, "set timeout=(\\d+)").Groups[1].Value}", $"default {Regex.Match(script, "set default='(\\d+)'").Groups[1].Value}",
        ];
        foreach (Match entry in EntryBlock().Matches(script))
        {
            string body = entry.Groups[2].Value;
            string root = Regex.Match(body, @"set root='\((.*?)\)'").Groups[1].Value;
            string[] kernel = [.. Quoted().Matches(Regex.Match(body, "legacy_kernel.*").Value).Select(match => match.Groups[1].Value)];
            string[] initrd = [.. Quoted().Matches(Regex.Match(body, "legacy_initrd.*").Value).Select(match => match.Groups[1].Value)];
            string ramdisk = initrd.Length > 0 ? Place(root, initrd[0]) : "-";
            lines.Add($"{entry.Groups[1].Value}: {Place(root, kernel[0])} {string.Join('|', kernel[2..])} {ramdisk}");
        }

        return lines;
    }

    /// <summary>GRUB 2 counts partitions from 1, and leaves the table's kind out where it converts.</summary>
    private static string Place(string root, string path)
    {
        Match device = Regex.Match(path, @"^\((.*?)\)(.*)$");
        (string name, string rest) = device.Success ? (device.Groups[1].Value, device.Groups[2].Value) : (root, path);
        return $"({name.Replace(",", ",msdos", StringComparison.Ordinal)}){rest}";
    }

    private static string RandomMenu(Random random, int entries)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"default{Gap(random)}{random.Next(entries)}\ntimeout{Gap(random)}{random.Next(60)}\n");
        for (int i = 0; i < entries; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"title{Gap(random)}Entry {i} of {random.Next(100)}\nroot{Gap(random)}(hd0,{random.Next(9)})\n");
            string option = Pick(random, "", "", "--no-mem-option ", "--type=linux ");
            string device = Pick(random, "", "", "(hd0,3)", "(hd0,8)");
            text.Append(CultureInfo.InvariantCulture, $"kernel{Gap(random)}{option}{device}{Pick(random, "/vmlinuz", "/boot/kernel-6.1")}");
            for (int words = random.Next(6); words > 0; words--)
            {
                text.Append(Pick(random, " ", "  ", "\t")).Append(Pick(random, "ro", "root=/dev/xvda1", "a=b=c", "x,y", "--", "console=ttyS0,115200n8", "init=/bin/sh"));
            }

            text.Append(random.Next(3) == 0 ? "" : $"\ninitrd{Gap(random)}{Pick(random, "", "(hd0,5)")}/initrd.img").Append(Pick(random, "\n", "\nsavedefault\n", "\n\n"));
        }

        return text.ToString();
    }

    private static string Gap(Random random) => Pick(random, " ", "\t", "=", "  ", " \t");

    private static string Pick(Random random, params string[] values) => values[random.Next(values.Length)];

    [GeneratedRegex(@"menuentry '(.*?)' \{\n(.*?)\n\}", RegexOptions.Singleline)]
    private static partial Regex EntryBlock();

    [GeneratedRegex("'(.*?)'")]
    private static partial Regex Quoted();
}

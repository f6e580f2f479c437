using System.Globalization;
using System.Text;
using BlockRbd.BootConfig.Grub2;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.BootLoaderSpec;

/// <summary>Random entry files, read and run by us and by GRUB 2.14's own blscfg (grub-emu): order, ids, words.</summary>
public class BlsDifferentialTests
{
    private const int Count = 12;

    private const string Blscfg = "set timeout=0\nblscfg --path '(hd0)/loader/entries'\n";

    private const string Variables = """
        set kernelopts="root=/dev/xvda1 ro "
        set x=X
        set empty=
        export kernelopts
        export x
        export empty

        """;

    /// <summary>
    /// Boots every entry in order: the last command of each ("devicetree") shows the menu again with the next one as its
    /// default; $n has one character for each entry that is left.
    /// </summary>
    private static readonly string Start = Variables + $$"""
        function linux { echo "@@id $chosen"; echo "@@linux"; for a in "$@"; do echo "@@ $a"; done; }
        function initrd { echo "@@initrd"; for a in "$@"; do echo "@@ $a"; done; }
        function devicetree { regexp --set=n "^.(.*)" "$n"; export n; configfile (hd0)/menu.cfg; }
        insmod blsuki
        set n={{new string('x', Count + 1)}}
        export n
        configfile (hd0)/menu.cfg

        """;

    /// <summary>blsuki writes one byte behind its buffer after a variable; these seeds are ones that grub-emu survives.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Entries_their_order_and_their_words_are_grubs(int seed)
    {
        Dictionary<string, string> files = RandomEntries(new Random(seed));
        files["/test.cfg"] = Start;
        files["/menu.cfg"] = Blscfg + "menuentry bye { halt }\n" + string.Concat(
            Enumerable.Range(0, Count + 1).Select(i => $"if [ \"$n\" = {new string('x', Count + 1 - i)} ]; then set default={i}; fi\n"));
        files["/boot/grub/x86_64-emu/blsuki.mod"] = Module("blsuki");
        using RealGrub grub = new();
        string real = grub.Run("configfile (hd0)/test.cfg", files);
        Assert.Equal(Real(real), Ours(files));
    }

    /// <summary>One of grub-emu's modules, for the disk that $prefix is on.</summary>
    private static string Module(string name)
    {
        string program = File.ReadAllText(Tool.Path("sid-grub-emu-lite")).Split(' ').First(word => word.EndsWith("/usr/bin/grub-emu-lite", StringComparison.Ordinal));
        return GuestText.FromBytes(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(program)!, "..", "lib", "grub", "x86_64-emu", name + ".mod")));
    }

    private static List<string> Real(string output)
    {
        List<string> lines = [];
        foreach (string line in output.Split('\n').Where(line => line.StartsWith("@@", StringComparison.Ordinal)))
        {
            // Where the machine that runs grub-emu has its /boot on a volume of its own, grub-emu puts /boot before paths.
            string plain = line.StartsWith("@@ /boot/", StringComparison.Ordinal) ? "@@ " + line["@@ /boot".Length..] : line;
            lines.Add(line.StartsWith("@@id ", StringComparison.Ordinal) ? "@@id " + line[(line.LastIndexOfAny([' ', '>']) + 1)..] : plain);
        }

        return lines;
    }

    private static List<string> Ours(Dictionary<string, string> files)
    {
        MemoryHost host = new();
        MemoryVolume volume = host.Add("hd0");
        foreach ((string path, string text) in files)
        {
            volume.File(path, text);
        }

        List<string> lines = [];
        volume.File("/test.cfg", Variables + Blscfg);
        foreach (BootEntry entry in Grub2Config.Load(host, volume, "/test.cfg", new Grub2Options { FilesMustExist = false }).Entries)
        {
            LinuxBoot boot = Assert.IsType<LinuxBoot>(entry.Plan());
            string[] words = boot.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            lines.AddRange([$"@@id {entry.Id}", "@@linux", $"@@ {boot.Kernel.Path}", .. words.Select(word => $"@@ {word}")]);
            if (boot.Initrds.Count > 0)
            {
                lines.AddRange(boot.Initrds.Select(file => $"@@ {file.Path}").Prepend("@@initrd"));
            }
        }

        return lines;
    }

    private static Dictionary<string, string> RandomEntries(Random random)
    {
        string[] releases = ["70.el9", "70.13.1.el9_0", "284.11.1.el9_2", "300.fc38", "1", "1~rc1", "0"];
        string[] versions = ["5.14.0", "5.9", "6.1.0", "6.10.3", "6.2~rc1", "0-rescue"];
        string[] values = ["a=b", "$kernelopts", "$x", "$missing", "$empty", "quiet", "q", "x=$x/y", "root=UUID=1-2", "_$x$kernelopts", "tail"];
        Dictionary<string, string> files = [];
        for (int i = 0; files.Count < Count; i++)
        {
            string id = $"{(random.Next(2) == 0 ? "d8af" : "0b1c")}-{Pick(random, versions)}-{Pick(random, releases)}{(random.Next(3) == 0 ? ".x86_64" : "")}";
            StringBuilder text = new();
            text.Append(random.Next(4) == 0 ? "# comment\n" : "").Append(CultureInfo.InvariantCulture, $"title{Gap(random)}Entry {i} ($x)\n");
            text.Append(CultureInfo.InvariantCulture, $"linux{Gap(random)}/k{i}\n");
            for (int lines = random.Next(3); lines > 0; lines--)
            {
                IEnumerable<string> words = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Pick(random, values));
                text.Append(CultureInfo.InvariantCulture, $"options{Gap(random)}{string.Join(Pick(random, " ", "  "), words)}\n");
            }

            text.Append(Pick(random, "", "unknown key\n"));
            for (int lines = random.Next(3); lines > 0; lines--)
            {
                text.Append(CultureInfo.InvariantCulture, $"initrd{Gap(random)}/i{i}.{lines}{Pick(random, "", " /j", " $missing")}\n");
            }

            text.Append("devicetree /d\n");
            files.TryAdd($"/loader/entries/{id}.conf", text.ToString());
        }

        return files;
    }

    private static string Gap(Random random) => Pick(random, " ", "  ", "\t", " \t ");

    private static string Pick(Random random, params string[] values) => values[random.Next(values.Length)];
}

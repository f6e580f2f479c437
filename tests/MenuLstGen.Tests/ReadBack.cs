using System.Text;
using System.Text.Json;
using BlockRbd.BootConfig;
using BlockRbd.Testing;

namespace BlockRbd.MenuLstGen.Tests;

/// <summary>An entry as another program reads it.</summary>
internal sealed record ReadEntry(string Title, string Root, string Kernel, List<string> Words)
{
    public string? Initrd { get; set; }
}

/// <summary>A menu as another program reads it.</summary>
internal sealed record ReadMenu(List<ReadEntry> Entries)
{
    public string Default { get; set; } = "";

    public string Timeout { get; set; } = "";

    public string Fallback { get; set; } = "";
}

/// <summary>Gives a menu.lst to the programs that read one.</summary>
internal static class ReadBack
{
    private const string Functions = """
        function legacy_kernel { echo "@@root=$root"; echo "@@kernel=$1"; shift; shift; if [ $# -gt 0 ]; then for a in "$@"; do echo "@@arg=$a"; done; fi; }
        function legacy_initrd { echo "@@initrd=$1"; }

        """;

    private const string Pygrub = """
        import json, sys
        from grub.GrubConf import GrubConfigFile
        c = GrubConfigFile()
        c.parse(open(sys.argv[1], encoding='latin-1').read())
        part = lambda d: None if d is None else '(hd%d)' % d.disk if d.part is None else '(hd%d,%d)' % (d.disk, d.part)
        path = lambda p: None if p is None else [part(p[0]), p[1]]
        print(json.dumps({'default': c.default, 'timeout': c.timeout, 'images': [
            {'title': i.title, 'root': part(i.root), 'kernel': path(i.kernel), 'args': i.args, 'initrd': path(i.initrd)} for i in c.images]}))
        """;

    /// <summary>GRUB 2's converter makes a grub.cfg of it, and GRUB's own script engine runs the body of every entry.</summary>
    /// <param name="grub">GRUB.</param>
    /// <param name="menu">The menu.lst.</param>
    /// <param name="uuid">What GRUB's one disk, hd0, is called.</param>
    public static ReadMenu Grub(RealGrub grub, string menu, string? uuid = null)
    {
        using ScratchFolder scratch = new();
        File.WriteAllBytes(scratch["menu.lst"], GuestText.ToBytes(menu));
        Tool.Check(Tool.Path("grub-menulst2cfg"), scratch["menu.lst"], scratch["out.cfg"]);
        StringBuilder script = new(Functions);
        foreach (string line in File.ReadAllLines(scratch["out.cfg"], Encoding.Latin1))
        {
            // The bodies run one after another: they set what they use, so that none depends on the one before.
            script.Append(line.StartsWith("menuentry ", StringComparison.Ordinal) ? $"echo '@@title='{line["menuentry ".Length..^2]}" : line == "}" ? "" : line).Append('\n');
        }

        script.Append("echo \"@@default=$default\"\necho \"@@timeout=$timeout\"\necho \"@@fallback=$fallback\"\n");
        return Parse(grub.Run(script.ToString(), new Dictionary<string, string>(), uuid));
    }

    /// <summary>pygrub's reader of GRUB legacy's menus.</summary>
    public static ReadMenu PygrubLegacy(string menu)
    {
        using ScratchFolder scratch = new();
        File.WriteAllBytes(scratch["menu.lst"], GuestText.ToBytes(menu));
        string library = File.ReadAllText(Tool.Path("pygrub")).Split("PYTHONPATH=")[1].Split(' ')[0];
        ToolResult result = Tool.Run(
            "/usr/bin/python3", ["-c", Pygrub, scratch["menu.lst"]], TimeSpan.FromMinutes(1),
            new Dictionary<string, string> { ["PYTHONPATH"] = library, ["PYTHONDONTWRITEBYTECODE"] = "1" });
        Xunit.Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        JsonElement root = document.RootElement;
        ReadMenu read = new([]) { Default = $"{root.GetProperty("default")}", Timeout = $"{root.GetProperty("timeout")}" };
        foreach (JsonElement image in root.GetProperty("images").EnumerateArray())
        {
            string[] words = image.GetProperty("args").GetString()?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            read.Entries.Add(new ReadEntry(image.GetProperty("title").GetString()!, image.GetProperty("root").GetString()!, PathOf(image.GetProperty("kernel"))!, [.. words])
            {
                Initrd = PathOf(image.GetProperty("initrd")),
            });
        }

        return read;
    }

    private static string? PathOf(JsonElement path) => path.ValueKind == JsonValueKind.Null ? null : $"{path[0].GetString()}{path[1].GetString()}";

    private static ReadMenu Parse(string printed)
    {
        ReadMenu menu = new([]);
        string title = "";
        string root = "";
        foreach (string line in printed.Split('\n').Where(line => line.StartsWith("@@", StringComparison.Ordinal)))
        {
            string value = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
            switch (line[2..line.IndexOf('=', StringComparison.Ordinal)])
            {
                case "title":
                    title = value;
                    break;
                case "root":
                    root = value;
                    break;
                case "kernel":
                    menu.Entries.Add(new ReadEntry(title, root, value, []));
                    break;
                case "arg":
                    menu.Entries[^1].Words.Add(value);
                    break;
                case "initrd":
                    menu.Entries[^1].Initrd = value;
                    break;
                case "default":
                    menu.Default = value;
                    break;
                case "timeout":
                    menu.Timeout = value;
                    break;
                default:
                    menu.Fallback = value;
                    break;
            }
        }

        return menu;
    }
}

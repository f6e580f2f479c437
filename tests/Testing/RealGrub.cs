using System.Text;
using System.Text.RegularExpressions;
using BlockRbd.BootConfig;
using Xunit;

namespace BlockRbd.Testing;

/// <summary>
/// GRUB 2.14 itself as a program (grub-emu-lite): its script engine, menu and filesystem code. Files are given to it on
/// an ext4 disk, "hd0". Modules that would take the name of a function that a test defines, or open a window, are left out.
/// </summary>
public sealed partial class RealGrub : IDisposable
{
    private const string Begin = "@@begin";

    private static readonly string[] LeftOut = ["linux", "gfx", "video", "all_video", "sdl", "bitmap", "png", "jpeg", "tga", "password", "legacy"];

    private static readonly string[] Modules =
    [
        "part_msdos", "part_gpt", "ext2", "test", "echo", "true", "configfile", "eval", "regexp", "search", "search_fs_uuid", "search_fs_file",
        "search_label", "loadenv", "minicmd", "probe", "test_blockarg", "halt", "sleep", "cat", "tr", "loopback", "iso9660", "fat", "ls",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("real-grub").FullName;

    public RealGrub()
    {
        string lite = File.ReadAllText(Tool.Path("sid-grub-emu-lite"));
        string root = SidFolder().Match(lite).Value;
        string from = Path.Combine(root, "usr/lib/grub/x86_64-emu");
        string to = Path.Combine(_folder, "w", "x86_64-emu");
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            string name = Path.GetFileName(file);
            if (!IsLeftOut(Path.GetFileNameWithoutExtension(name)))
            {
                File.CreateSymbolicLink(Path.Combine(to, name), file);
            }
        }

        string commands = Path.Combine(to, "command.lst");
        string[] kept = [.. File.ReadAllLines(commands).Where(line => !IsLeftOut(line.Split(": ")[^1]))];
        File.Delete(commands);
        File.WriteAllLines(commands, kept);
        File.WriteAllText(Path.Combine(_folder, "map"), $"(hd0) {_folder}/hd0.img\n");
    }

    /// <summary>What GRUB prints, with errors as "error: …", while it runs a configuration whose files these are.</summary>
    /// <param name="config">Runs with $root on the disk; must end in halt.</param>
    /// <param name="files">The disk's files.</param>
    /// <param name="uuid">The filesystem's.</param>
    /// <param name="label">The filesystem's.</param>
    public string Run(string config, IReadOnlyDictionary<string, string> files, string? uuid = null, string label = "")
    {
        string root = Path.Combine(_folder, "root");
        string image = DiskImage;
        File.Delete(image);
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }

        foreach ((string path, string text) in files.Append(new("/.keep", "")))
        {
            string host = Path.Combine(root, path[1..]);
            Directory.CreateDirectory(Path.GetDirectoryName(host)!);
            File.WriteAllBytes(host, GuestText.ToBytes(text));
        }

        Tool.Check(Tool.Path("sid-mke2fs"), "-q", "-F", "-t", "ext4", "-U", uuid ?? "8f0b5a54-6b71-4f2b-9c2f-1a2b3c4d5e6f", "-L", label, "-d", root, image, "16M");
        string preamble = string.Concat(Modules.Select(module => $"insmod {module}\n"));
        File.WriteAllText(
            Path.Combine(_folder, "w", "grub.cfg"), $"{preamble}set pager=0\nset root=hd0\nset prefix=(hd0)/boot/grub\necho {Begin}\n{config}\nhalt\n", Encoding.Latin1);
        return Clean(Start());
    }

    /// <summary>The disk of the last run.</summary>
    public string DiskImage => Path.Combine(_folder, "hd0.img");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A terminal is needed, as wide as no line wraps in (and small, since each line that scrolls costs its size): script makes one.</summary>
    private string Start()
    {
        string emu = $"stty rows 50 cols 1000; exec {Tool.Path("sid-grub-emu-lite")} -r host -m {_folder}/map -d {_folder}/w";
        ToolResult result = Tool.Run(
            "timeout", ["20", "script", "-qec", emu, "/dev/null"], TimeSpan.FromSeconds(30), new Dictionary<string, string> { ["TERM"] = "dumb" });
        return result.Text;
    }

    private static string Clean(string text)
    {
        string plain = Escape().Replace(text, "").Replace("\r", "", StringComparison.Ordinal);
        int begin = plain.IndexOf(Begin + "\n", StringComparison.Ordinal);
        Assert.True(begin >= 0, $"grub-emu did not start: {plain}");
        return plain[(begin + Begin.Length + 1)..];
    }

    private static bool IsLeftOut(string module) => LeftOut.Any(name => module.StartsWith(name, StringComparison.Ordinal));

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]|\x1b\[\?[0-9]+[hl]")]
    private static partial Regex Escape();

    [GeneratedRegex(@"/\S*/sid(?=/usr/lib64/ld-linux)")]
    private static partial Regex SidFolder();
}

using System.Globalization;
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

    private static readonly string[] LeftOut = ["linux", "gfx", "video", "all_video", "sdl", "bitmap", "png", "jpeg", "tga", "password", "legacy", "font", "parttool", "serial"];

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
        MakeExt(DiskImage, files, uuid ?? "8f0b5a54-6b71-4f2b-9c2f-1a2b3c4d5e6f", label, "16M");
        return Run(config, pressKeys: false);
    }

    /// <summary>The same with a guest's partitioned disk.</summary>
    /// <param name="config">Runs with $root on the disk; must end in halt.</param>
    /// <param name="disk">What <see cref="MakeDisk"/> made.</param>
    public string Run(string config, string disk)
    {
        File.Delete(Path.Combine(_folder, "hd0.img"));
        File.CreateSymbolicLink(Path.Combine(_folder, "hd0.img"), disk);
        return Run(config, pressKeys: true);
    }

    /// <summary>A guest's disk, with its partitions and their files.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="appended">Text that is put behind the file that shows the menu.</param>
    /// <returns>The disk, to be deleted with this.</returns>
    public string MakeDisk(GuestDescription guest, string appended)
    {
        const int MiB = 1 << 20;
        const int Size = 8 * MiB;
        string disk = Path.Combine(_folder, guest.Name + ".img");
        bool gpt = guest.Volumes[0].Name.Contains("gpt", StringComparison.Ordinal);
        int[] numbers = [.. guest.Volumes.Select(part => int.Parse(part.Name.Split(gpt ? "gpt" : "msdos")[1], CultureInfo.InvariantCulture))];
        using (FileStream made = File.Create(disk))
        {
            made.SetLength((2L * MiB) + ((long)numbers.Max() * Size));
        }

        string table = string.Concat(numbers.Select(number => $"{number}: start={(MiB + ((number - 1) * (long)Size)) / 512}, size={Size / 512}\n"));
        string script = Path.Combine(_folder, "table");
        File.WriteAllText(script, $"label: {(gpt ? "gpt" : "dos")}\n{table}");
        Tool.Check("sh", "-c", $"{Tool.Path("sfdisk")} -q {disk} < {script}");
        foreach ((GuestPart part, int number) in guest.Volumes.Zip(numbers))
        {
            string image = Path.Combine(_folder, "part.img");
            Dictionary<string, string> files = guest.Files.Where(file => file.Key.Volume == part.Name)
                .ToDictionary(file => file.Key.Path, file => WithoutModules().Replace(file.Key == guest.Menu ? file.Value + appended : file.Value, "$1true"));
            if (part.Kind == "vfat")
            {
                MakeFat(image, files, part, Size);
            }
            else
            {
                MakeExt(image, files, part.Uuid.Length > 0 ? part.Uuid : Guid.NewGuid().ToString(), part.Label, "8M");
            }

            using FileStream whole = File.OpenWrite(disk);
            whole.Position = MiB + ((number - 1) * (long)Size);
            whole.Write(File.ReadAllBytes(image));
        }

        return disk;
    }

    private void MakeExt(string image, IReadOnlyDictionary<string, string> files, string uuid, string label, string size)
    {
        File.Delete(image);
        Tool.Check(Tool.Path("sid-mke2fs"), "-q", "-F", "-t", "ext4", "-U", uuid, "-L", label, "-d", Write(files), image, size);
    }

    private void MakeFat(string image, IReadOnlyDictionary<string, string> files, GuestPart part, int size)
    {
        File.Delete(image);
        using (FileStream made = File.Create(image))
        {
            made.SetLength(size);
        }

        Tool.Check(Tool.Path("mkfs.vfat"), "-i", part.Uuid.Replace("-", "", StringComparison.Ordinal), "-n", part.Label.Length > 0 ? part.Label : "ESP", image);
        Tool.Check("sh", "-c", $"cd {Write(files)} && find . -mindepth 1 -maxdepth 1 ! -name .keep -exec {Tool.Path("mcopy")} -s -i {image} {{}} ::/ ';'");
    }

    /// <summary>Files in a folder.</summary>
    private string Write(IReadOnlyDictionary<string, string> files)
    {
        string root = Path.Combine(_folder, "root");
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

        return root;
    }

    private string Run(string config, bool pressKeys)
    {
        string preamble = string.Concat(Modules.Select(module => $"insmod {module}\n"));
        File.WriteAllText(
            Path.Combine(_folder, "w", "grub.cfg"), $"{preamble}set pager=0\nset root=hd0\nset prefix=(hd0)/boot/grub\necho {Begin}\n{config}\nhalt\n", Encoding.Latin1);
        return Clean(Start(pressKeys));
    }

    /// <summary>The disk of the last run.</summary>
    public string DiskImage => Path.Combine(_folder, "hd0.img");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A terminal is needed, as wide as no line wraps in (and small, since each line that scrolls costs its size): script makes one.</summary>
    private string Start(bool pressKeys)
    {
        string emu = $"stty rows 50 cols 1000 {(pressKeys ? "-echo" : "")}; exec {Tool.Path("sid-grub-emu-lite")} -r host -m {_folder}/map -d {_folder}/w";
        string keys = pressKeys ? "while sleep 0.3 && echo; do :; done" : ":"; // behind messages GRUB waits ten seconds for one
        ToolResult result = Tool.Run(
            "sh", ["-c", $"{keys} | timeout 60 script -qec \"$1\" /dev/null", "sh", emu], TimeSpan.FromSeconds(90), new Dictionary<string, string> { ["TERM"] = "dumb" });
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

    /// <summary>No modules are on the guest's disk, and after a message about one GRUB waits ten seconds.</summary>
    [GeneratedRegex(@"^([ \t]*|.*\bthen )insmod [^;\n]*", RegexOptions.Multiline)]
    private static partial Regex WithoutModules();

    [GeneratedRegex(@"/\S*/sid(?=/usr/lib64/ld-linux)")]
    private static partial Regex SidFolder();
}

using BlockRbd.Testing;

namespace BlockRbd.Programs.Tests.Menu;

/// <summary>A folder with a guest's disk in it: one ext4 filesystem with kernels, ramdisks and a configuration.</summary>
internal sealed class MenuDisk : IDisposable
{
    public const string Two = """
        set timeout=60
        menuentry 'First one' --id first {
            linux /boot/vmlinuz-1 root=/dev/xvda1 ro quiet
            initrd /boot/initrd-1
        }
        submenu 'Advanced options' {
            menuentry 'Second one' {
                linux /boot/vmlinuz-2 root=/dev/xvda2 single
                initrd /boot/initrd-2
            }
        }
        menuentry 'Broken' {
            linux /boot/nothing
        }
        """;

    private readonly ScratchFolder _folder = new();

    public MenuDisk(string config, string path = "/boot/grub/grub.cfg")
    {
        string root = Below("root");
        Directory.CreateDirectory(Path.Combine(root, "boot"));
        foreach (string name in (string[])["vmlinuz-1", "vmlinuz-2", "initrd-1", "initrd-2"])
        {
            File.WriteAllText(Path.Combine(root, "boot", name), $"content of {name}\n");
        }

        string file = root + path;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, config + "\n", System.Text.Encoding.Latin1);
        Tool.Check(Tool.Path("sid-mke2fs"), "-q", "-F", "-t", "ext4", "-d", root, Image, "8M");
    }

    public string Image => Below("disk.img");

    public string Answer => Below("answer");

    public string Output => Below("out");

    public string Below(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Runs the program on a pty without a size (see on-a-pty.py).</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="options">Options besides those that libxl gives.</param>
    public string OnPty(string[] steps, params string[] options)
    {
        File.WriteAllLines(Below("steps"), steps);
        return Tool.Run(
            "/usr/bin/python3",
            [Repo.Below("tests", "Programs.Tests", "Menu", "on-a-pty.py"), Below("steps"), PygrubRbd.Path,
                $"--output={Answer}", "--output-format=simple0", $"--output-directory={Output}", .. options.Where(option => option.Length > 0), Image],
            TimeSpan.FromMinutes(3)).Text;
    }

    /// <summary>Keys and texts of the answer; null where there is none.</summary>
    public Dictionary<string, string>? Answered => !File.Exists(Answer) ? null : File.ReadAllText(Answer).TrimEnd('\0').Split('\0')
        .ToDictionary(part => part.Split(' ')[0], part => part[(part.IndexOf(' ', StringComparison.Ordinal) + 1)..]);

    public void Dispose() => _folder.Dispose();
}

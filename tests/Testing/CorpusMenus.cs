using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BlockRbd.BootConfig;
using BlockRbd.BootConfig.Grub2;
using BlockRbd.BootConfig.GrubLegacy;
using Xunit;

namespace BlockRbd.Testing;

/// <summary>The menus of the corpus' guests, with the disks that real GRUB had when its answer was recorded.</summary>
public static partial class CorpusMenus
{
    /// <summary>The menu of a case whose configuration is GRUB 2's.</summary>
    public static BootMenu Grub2(CorpusCase corpus)
    {
        JsonElement grub = Assert.NotNull(corpus.GrubEmu);
        JsonElement disk = grub.GetProperty("disk");
        string own = CorpusCase.Text(disk, "table") is { } table ? $"hd0,{table}{disk.GetProperty("partition").GetInt32()}" : "hd0";
        MemoryHost host = new();
        Fill(host.Add(own, CorpusCase.Text(disk, "label") ?? "", CorpusCase.Text(disk, "uuid") ?? ""), Path.Combine(corpus.Folder, "root"));
        foreach ((JsonElement volume, int i) in corpus.Volumes.Skip(1).Select((volume, i) => (volume, i)))
        {
            MemoryVolume other = host.Add($"hd{i + 1}", CorpusCase.Text(volume, "label") ?? "", CorpusCase.Text(volume, "uuid") ?? "");
            if (CorpusCase.Text(volume, "dir") is { } folder)
            {
                Fill(other, Path.Combine(corpus.Folder, folder));
            }
        }

        foreach (JsonElement entry in grub.GetProperty("entries").EnumerateArray().Where(entry => CorpusCase.Text(entry, "kernel") is not null))
        {
            AddKernel(host, CorpusCase.Text(entry, "root")!, CorpusCase.Text(entry, "kernel")!);
        }

        // The recorded functions only print their words: nothing looks whether a kernel is there.
        Grub2Options options = new() { Platform = "emu", Cpu = "x86_64", FilesMustExist = false };
        return Grub2Config.Load(host, host.Volumes[0], corpus.Config, options);
    }

    /// <summary>The menu of a case whose configuration is GRUB legacy's: the guest has the partition that the file names first, and everything stands on it.</summary>
    public static BootMenu Legacy(CorpusCase corpus)
    {
        string text = File.ReadAllText(Path.Combine(corpus.Folder, "root", corpus.Config[1..]), Encoding.Latin1);
        string[] roots = [.. RootLine().Matches(text).Select(Device).Distinct()];
        MemoryHost host = corpus.Host(roots.FirstOrDefault("hd0,msdos1"));
        foreach (string other in roots.Skip(1).Where(name => host.Volumes.All(volume => volume.GrubName != name)))
        {
            host.Add(other); // nothing of it is in the case's files
        }

        return GrubLegacyConfig.Load(host, host.Volumes[0], corpus.Config);
    }

    private static string Device(Match root) => root.Groups[2].Success
        ? $"{root.Groups[1].Value},msdos{int.Parse(root.Groups[2].Value, CultureInfo.InvariantCulture) + 1}"
        : root.Groups[1].Value;

    /// <summary>A disk and a folder that only a kernel stands for are not in the case's files.</summary>
    private static void AddKernel(MemoryHost host, string root, string kernel)
    {
        MemoryVolume? volume = host.Volumes.OfType<MemoryVolume>().FirstOrDefault(volume => volume.GrubName == root);
        if (kernel.StartsWith('/'))
        {
            (volume ?? host.Add(root)).Files.TryAdd(kernel, []);
        }
    }

    private static void Fill(MemoryVolume volume, string folder)
    {
        foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [])
        {
            volume.Files["/" + Path.GetRelativePath(folder, file)] = File.ReadAllBytes(file);
        }
    }

    [GeneratedRegex(@"^\s*root(?:noverify)?[\s=]+\((hd\d+)(?:,(\d+))?\)", RegexOptions.Multiline)]
    private static partial Regex RootLine();
}

using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;

namespace BlockRbd.Fuzz.Disks;

/// <summary>Makes the bases of a target from real disks.</summary>
internal static class BaseMaker
{
    private const string Table = "sfdisk: ";
    private const long TableDiskBytes = 64 << 20;

    /// <summary>Makes those that aren't there; existing ones stay, since the kept inputs belong to them.</summary>
    public static void Make(string target, DiskRecipe recipe)
    {
        Directory.CreateDirectory(DiskBase.Folder(target));
        for (int i = 0; i < recipe.Images.Count; i++)
        {
            string image = recipe.Images[i];
            string name = image.StartsWith(Table, StringComparison.Ordinal) ? "table" : image.Split('/')[1].Replace('+', '-');
            string file = Path.Combine(DiskBase.Folder(target), $"{i:00}-{name}.base");
            if (File.Exists(file))
            {
                continue;
            }

            using ScratchFolder scratch = new();
            List<FileSource> disks = [.. Files(image, scratch).Select(static path => FileSource.Open(path))];
            byte[] bytes = DiskBase.Record(disks, recipe.Use).Write();
            disks.ForEach(static disk => disk.Dispose());
            File.WriteAllBytes(file, bytes);
            Console.WriteLine($"{file}: {bytes.Length} bytes");
        }
    }

    private static IEnumerable<string> Files(string image, ScratchFolder scratch)
    {
        if (!image.StartsWith(Table, StringComparison.Ordinal))
        {
            string group = image.Split('/')[0];
            return image.Split('/')[1].Split('+').Select(name => TestImages.Image(group, name));
        }

        string path = scratch["disk"];
        using (FileStream disk = File.Create(path))
        {
            disk.SetLength(TableDiskBytes);
        }

        File.WriteAllText(scratch["script"], image[Table.Length..].Replace('|', '\n') + "\n");
        Tool.Check("/bin/sh", "-c", $"'{Tool.Path("sfdisk")}' -q '{path}' < '{scratch["script"]}'");
        return [path];
    }
}

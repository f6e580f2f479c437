using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using BlockRbd.GuestDisk.Partitions;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;

namespace BlockRbd.GuestDisk.Tests.Partitions;

/// <summary>Disks partitioned by the real sfdisk and sgdisk, and what other readers say of them.</summary>
internal static partial class TableFixture
{
    /// <summary>Runs sfdisk with a script on a new disk of <paramref name="mebibytes"/>; its path.</summary>
    public static string Sfdisk(ScratchFolder scratch, string script, int sectorSize = 512, int mebibytes = 64)
    {
        string path = scratch.File("disk", (long)mebibytes << 20);
        if (sectorSize == 512)
        {
            ApplySfdisk(path, script);
        }
        else
        {
            using LoopDevice loop = new(path, sectorSize); // only a device tells sfdisk its sectors
            ApplySfdisk(loop.Path, script);
        }

        return path;
    }

    /// <summary>A table as lines "number start length type uuid name attributes".</summary>
    public static string[] Ours(BlockSource disk) => [.. PartitionTable.Read(disk)!.Partitions.Select(Line)];

    /// <summary>The same as util-linux reads it from a device.</summary>
    public static string[] UtilLinux(LoopDevice loop) =>
    [
        .. Tool.Check("partx", "--pairs", "--output", "NR,START,SECTORS,TYPE,UUID,NAME,FLAGS", loop.Path).Text
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Pair().Matches(line).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value))
            .Where(pairs => pairs["TYPE"] is not ("0x5" or "0xf" or "0x85")) // it lists the containers too
            .Select(pairs => $"{pairs["NR"]} {Bytes(pairs["START"])} {Bytes(pairs["SECTORS"])} {pairs["TYPE"]} {pairs["UUID"]} {pairs["NAME"]} {pairs["FLAGS"]}"),
    ];

    /// <summary>The names of partitions that GRUB finds on a disk, in order: "msdos1", "msdos5".</summary>
    public static string[] Grub(string path) =>
    [
        .. GrubPartition().Matches(Tool.Check(Tool.Path("sid-grub-fstest"), path, "ls").Text).Select(match => match.Groups[1].Value).Reverse(),
    ];

    /// <summary>Changes bytes of a file.</summary>
    public static void Poke(string path, long offset, params byte[] bytes)
    {
        using FileStream file = File.OpenWrite(path);
        file.Seek(offset, SeekOrigin.Begin);
        file.Write(bytes);
    }

    /// <summary>Runs sfdisk on a disk that is there.</summary>
    public static void ApplySfdisk(string path, string script)
    {
        ProcessStartInfo start = new(Tool.Path("sfdisk"), ["--quiet", "--no-reread", "--no-tell-kernel", "--wipe", "never", path])
        {
            RedirectStandardInput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"sfdisk: {errors}");
        }
    }

    private static string Line(Partition p) =>
        string.Create(CultureInfo.InvariantCulture, $"{p.Number} {p.Start} {p.Length} {p.Type} {p.Uuid} {p.Name} 0x{p.Attributes:x}");

    private static long Bytes(string sectors) => long.Parse(sectors, CultureInfo.InvariantCulture) * 512; // partx counts so for any device

    [GeneratedRegex("([A-Z]+)=\"([^\"]*)\"")]
    private static partial Regex Pair();

    [GeneratedRegex(@"\(loop0,([a-z0-9]+)\)")]
    private static partial Regex GrubPartition();
}

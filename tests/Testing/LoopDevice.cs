using Xunit;

namespace BlockRbd.Testing;

/// <summary>A real block device over a file, let go of at the end. Skips the test where this machine gives none.</summary>
public sealed class LoopDevice : IDisposable
{
    /// <param name="file">The file behind it.</param>
    /// <param name="sectorSize">Logical sector size: 512 or 4096.</param>
    /// <param name="partitions">Whether the kernel reads its partition table.</param>
    public LoopDevice(string file, int sectorSize = 512, bool partitions = false)
    {
        Assert.SkipUnless(Environment.UserName == "root", "loop devices need root");
        Assert.SkipUnless(File.Exists("/dev/loop-control"), "no loop devices on this machine");
        string[] options = ["--find", "--show", "--sector-size", $"{sectorSize}", .. partitions ? ["--partscan"] : Array.Empty<string>(), file];
        Path = Tool.Check("losetup", options).Text.Trim();
    }

    /// <summary>"/dev/loop3".</summary>
    public string Path { get; }

    /// <summary>The kernel's partitions of it: number, first byte, bytes.</summary>
    public IEnumerable<(int Number, long Start, long Length)> KernelPartitions()
    {
        string name = System.IO.Path.GetFileName(Path);
        foreach (string folder in Directory.EnumerateDirectories($"/sys/block/{name}", name + "p*"))
        {
            // sysfs counts in 512 bytes, whatever the device's sectors are.
            yield return ((int)Number(folder, "partition"), Number(folder, "start") * 512, Number(folder, "size") * 512);
        }

        static long Number(string folder, string file) =>
            long.Parse(File.ReadAllText(System.IO.Path.Combine(folder, file)), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Path is not null)
        {
            Tool.Run("losetup", "--detach", Path);
        }
    }
}

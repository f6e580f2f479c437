using Xunit;

namespace BlockRbd.Testing;

/// <summary>A real block device over a file, let go of at the end. Skips the test where this machine gives none.</summary>
public sealed class LoopDevice : IDisposable
{
    /// <param name="file">The file behind it.</param>
    /// <param name="sectorSize">Logical sector size: 512 or 4096.</param>
    public LoopDevice(string file, int sectorSize = 512)
    {
        Assert.SkipUnless(Environment.UserName == "root", "loop devices need root");
        Assert.SkipUnless(File.Exists("/dev/loop-control"), "no loop devices on this machine");
        Path = Tool.Check("losetup", "--find", "--show", "--sector-size", $"{sectorSize}", file).Text.Trim();
    }

    /// <summary>"/dev/loop3".</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Path is not null)
        {
            Tool.Run("losetup", "--detach", Path);
        }
    }
}

using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.MenuLstGen.Checks;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.MenuLstGen.Tests;

/// <summary>What we say that PV-GRUB 2 can read is what the same release's filesystem drivers do read (grub-fstest of GRUB 2.06).</summary>
public class FileSystemOracleTests
{
    /// <summary>Not those with a dirty journal: GRUB applies none, so that what it reads there is the state of some moment.</summary>
    public static TheoryData<string, string> Images =>
        [.. Clean("ext").Select(name => ("ext", name)), .. Clean("xfs").Select(name => ("xfs", name))];

    [Theory]
    [MemberData(nameof(Images))]
    public void Grub_2_06_reads_what_is_not_complained_of(string group, string name)
    {
        string image = TestImages.Image(group, name);
        using FileSource source = FileSource.Open(image);
        GuestBootVolume volume = new GuestBootHost(GuestDiskSet.Open([source])).Volumes[0];
        Assert.SkipWhen(volume.Unreadable is not null, $"{volume.Unreadable}");
        string[] problems = [.. FileSystemCheck.Problems(volume, PvGrub.Grub2)];
        ToolResult grub = Tool.Run(Tool.Path("grub-fstest"), image, "ls", "(loop0)/");
        bool reads = grub.ExitCode == 0 && !grub.Error.Contains("error", StringComparison.Ordinal) && grub.Text.Trim().Length > 0;
        Assert.True(reads == (problems.Length == 0), $"{name}: grub-fstest {grub.ExitCode} {grub.Text} {grub.Error}; ours: {string.Join("; ", problems)}; features {string.Join(' ', Guest.Volumes.Features(volume))}");
    }

    private static IEnumerable<string> Clean(string group) => TestImages.Names(group).Where(name => !name.StartsWith("dirty-", StringComparison.Ordinal));
}

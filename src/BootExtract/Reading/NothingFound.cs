using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;

namespace BlockRbd.BootExtract.Reading;

/// <summary>The error that says why no boot configuration was found.</summary>
internal static class NothingFound
{
    /// <summary>Makes it. Where a volume's bytes or the device are at fault, that decides the exit code.</summary>
    public static ExtractException Error(GuestDiskSet disks, BootSearch search)
    {
        string names = string.Join(", ", disks.Disks.Select(disk => disk.Source.Name));
        IOException? failure = disks.Volumes.Select(volume => volume.Failure).FirstOrDefault(failure => failure is not null);
        return new ExtractException(
            failure is null ? ExitCode.NotFound : Failures.CodeOf(failure),
            $"Unable to find partition containing kernel: {names}: no boot configuration found. Looked at {Places(search)}. "
            + "If the kernel is there all the same, name it with --kernel",
            failure);
    }

    /// <summary>Places with the same outcome are said together: most are "not there".</summary>
    private static string Places(BootSearch search) => string.Join(
        "; ",
        search.Looked.GroupBy(looked => looked.Outcome)
            .Select(group => $"{GuestText.Display(string.Join(", ", group.Select(looked => looked.Place)))}: {GuestText.Display(group.Key)}"));
}

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
        string problem = disks.Volumes.All(volume => volume.FileSystem is null)
            ? $"no filesystem that can be read: {search.WhyNothing()}. Is it the guest's boot disk? (--offset names a place to look at)"
            : $"no boot configuration: {search.WhyNothing()}. --explain lists the places; if the kernel is there all the same, name it with --kernel";
        return new ExtractException(
            failure is null ? ExitCode.NotFound : Failures.CodeOf(failure), $"Unable to find partition containing kernel: {names}: {problem}", failure);
    }
}

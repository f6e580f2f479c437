using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;

namespace BlockRbd.BootExtract.Reading;

/// <summary>The error that says why no boot configuration was found.</summary>
internal static class NothingFound
{
    private const string NotThere = "not there: ";

    /// <summary>Makes it. Where a volume's bytes or the device are at fault, that decides the exit code.</summary>
    public static ExtractException Error(GuestDiskSet disks, BootSearch search)
    {
        string names = string.Join(", ", disks.Disks.Select(disk => disk.Source.Name));
        IOException? failure = disks.Volumes.Select(volume => volume.Failure).FirstOrDefault(failure => failure is not null);
        string problem = disks.Volumes.All(volume => volume.FileSystem is null)
            ? $"no filesystem that can be read: {Places(search)}. Is it the guest's boot disk? (--offset names a place to look at)"
            : $"no boot configuration: {Places(search)}. If the kernel is there all the same, name it with --kernel";
        return new ExtractException(
            failure is null ? ExitCode.NotFound : Failures.CodeOf(failure), $"Unable to find partition containing kernel: {names}: {problem}", failure);
    }

    /// <summary>Each place once, with all that is missing there.</summary>
    private static string Places(BootSearch search) => string.Join(
        "; ",
        search.Looked.GroupBy(looked => looked.Place).Select(group => GuestText.Display($"{group.Key}: {Outcomes([.. group])}")));

    private static string Outcomes(List<LookedAt> places)
    {
        string missing = string.Join(", ", places.Where(IsMissing).Select(looked => looked.Outcome[NotThere.Length..]));
        IEnumerable<string> others = places.Where(looked => !IsMissing(looked)).Select(looked => looked.Outcome);
        return string.Join("; ", missing.Length > 0 ? others.Append(NotThere + missing) : others);
    }

    private static bool IsMissing(LookedAt looked) => looked.Outcome.StartsWith(NotThere, StringComparison.Ordinal);
}

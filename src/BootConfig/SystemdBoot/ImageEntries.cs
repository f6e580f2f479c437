using System.Globalization;
using BlockRbd.BootConfig.UnifiedKernel;

namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>Type 2 entries: a unified kernel image, an entry for each of its profiles (src/boot/boot.c, boot_entry_add_type2).</summary>
internal static class ImageEntries
{
    /// <summary>The entries of an image. A profile whose os-release has no name is none, as for the loader.</summary>
    /// <exception cref="BootConfigException">It is no unified kernel image.</exception>
    /// <exception cref="GuestDisk.ImageFormatException">It can't be read.</exception>
    public static IEnumerable<SystemdEntry> Read(BootFile file)
    {
        LoaderName name = LoaderName.Of(file.Path[(file.Path.LastIndexOf('/') + 1)..], ".efi");
        foreach (UnifiedProfile profile in UnifiedImage.Read(file).Profiles)
        {
            Dictionary<string, string> system = OsRelease.Parse(profile.Text(".osrel"));
            if (First(system, "PRETTY_NAME", "IMAGE_ID", "NAME", "ID") is not { } title)
            {
                continue;
            }

            Dictionary<string, string> own = OsRelease.Parse(profile.Text(".profile"));
            string? id = own.GetValueOrDefault("ID");
            string number = (profile.Number + 1).ToString(CultureInfo.InvariantCulture);
            string? what = own.GetValueOrDefault("TITLE") ?? (profile.Number == 0 ? null : id ?? $"Profile #{number}");
            yield return new SystemdEntry
            {
                File = file,
                Name = name,
                OwnTitle = what is null ? title : $"{title} ({what})",
                SortKey = First(system, "IMAGE_ID", "ID"),
                Version = First(system, "IMAGE_VERSION", "VERSION", "VERSION_ID", "BUILD_ID"),
                Profile = profile.Number,
                ProfileSuffix = profile.Number == 0 ? string.Empty : "@" + (id ?? profile.Number.ToString(CultureInfo.InvariantCulture)),
                Boot = () => profile.Plan(options: null),
            };
        }
    }

    private static string? First(Dictionary<string, string> values, params string[] names) =>
        names.Select(name => values.GetValueOrDefault(name)).FirstOrDefault(value => value is not null);
}

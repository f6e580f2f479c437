namespace BlockRbd.BootConfig.UnifiedKernel;

/// <summary>
/// A unified kernel image (UAPI.5): a PE file whose sections are a kernel, its ramdisks and its command line. With ".profile" sections
/// it is several: what stands before the first is common to all, and each profile's own sections go before it.
/// </summary>
internal sealed class UnifiedImage
{
    private readonly BootFile _file;

    private UnifiedImage(BootFile file, IReadOnlyList<PeSection> sections)
    {
        _file = file;
        PeSection[] common = [.. sections.TakeWhile(section => section.Name != ".profile")];
        List<List<PeSection>> profiles = Split(sections.Skip(common.Length));
        Profiles = profiles.Count == 0
            ? [new UnifiedProfile(file, 0, [], common)]
            : [.. profiles.Select((own, number) => new UnifiedProfile(file, number, own, common))];
    }

    /// <summary>The file.</summary>
    public BootFile File => _file;

    /// <summary>Its profiles; one where it says nothing of them.</summary>
    public IReadOnlyList<UnifiedProfile> Profiles { get; }

    /// <summary>Reads an image's section table.</summary>
    /// <exception cref="BootConfigException">It is none.</exception>
    /// <exception cref="GuestDisk.ImageFormatException">It can't be read.</exception>
    public static UnifiedImage Read(BootFile file)
    {
        IReadOnlyList<PeSection> sections = PeSection.Read(file, out string problem) ?? throw Bad(file, problem);
        UnifiedImage image = new(file, sections);
        return image.Profiles.Any(profile => profile.Linux is not null) ? image : throw Bad(file, "is no unified kernel image: it has no section .linux");
    }

    /// <summary>The sections of each profile, behind its ".profile".</summary>
    private static List<List<PeSection>> Split(IEnumerable<PeSection> sections)
    {
        List<List<PeSection>> profiles = [];
        foreach (PeSection section in sections)
        {
            if (section.Name == ".profile")
            {
                profiles.Add([]);
            }

            profiles[^1].Add(section);
        }

        return profiles;
    }

    private static BootConfigException Bad(BootFile file, string problem) => new($"{GuestText.Display(file.ToString())} {problem}");
}

using BlockRbd.BootConfig.SystemdBoot;
using BlockRbd.GuestDisk;

namespace BlockRbd.BootConfig.UnifiedKernel;

/// <summary>
/// Add-ons of a unified kernel image (systemd-stub(7)): PE files with more arguments, ramdisks or microcode and no kernel, in /loader/addons for all images of the partition and in
/// IMAGE.efi.extra.d for one. Signatures aren't looked at: whether firmware asks for them isn't on the disk.
/// </summary>
internal sealed class UnifiedAddons
{
    private const string Suffix = ".addon.efi";

    /// <summary>Files beside the add-ons that the stub packs into archives of its own making.</summary>
    private static readonly string[] Packed = [".cred", ".raw"];

    private readonly List<string> _arguments = [];
    private readonly List<BootFile> _microcode = [];
    private readonly List<BootFile> _initrds = [];
    private readonly List<string> _warnings = [];
    private readonly string _uname;

    private UnifiedAddons(string uname) => _uname = uname;

    /// <summary>What is put behind the command line, with blanks between; empty where there is nothing.</summary>
    public string Arguments => string.Join(' ', _arguments);

    /// <summary>Archives that go before the image's own: the kernel takes the first microcode that it finds, so the last add-on comes first.</summary>
    public IEnumerable<BootFile> Microcode => Enumerable.Reverse(_microcode);

    /// <summary>Archives that go behind the image's own: a later one overwrites files.</summary>
    public IReadOnlyList<BootFile> Initrds => _initrds;

    /// <summary>What was passed over, and why.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The add-ons of an image: those for all first, each directory's by their names (src/boot/stub.c, load_addons).</summary>
    /// <param name="image">The image.</param>
    /// <param name="uname">Its kernel's version: an add-on that names another one isn't for it. Empty where it has none.</param>
    public static UnifiedAddons Of(BootFile image, string uname)
    {
        UnifiedAddons addons = new(uname);
        int name = image.Path.LastIndexOf('/') + 1;
        int efi = image.Path.IndexOf("/EFI/", StringComparison.OrdinalIgnoreCase);
        string root = efi < 0 ? string.Empty : image.Path[..efi]; // where the partition would be mounted
        addons.AddAll(image.Volume, $"{root}/loader/addons");
        addons.AddAll(image.Volume, $"{image.Path[..name]}{LoaderName.Of(image.Path[name..], ".efi").Id}.extra.d");
        addons.FindPacked(image.Volume, $"{root}/loader/credentials");
        return addons;
    }

    private void AddAll(IBootVolume volume, string directory)
    {
        foreach (string name in Names(volume, directory).Where(name => name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)))
        {
            BootFile file = new(volume, $"{directory}/{name}");
            string? problem;
            try
            {
                problem = _arguments.Count + _initrds.Count + _microcode.Count < PeLimits.MaxAddonParts ? Add(file) : $"is passed over: more than {PeLimits.MaxAddonParts} add-ons";
            }
            catch (Exception e) when (e is ImageFormatException or BootConfigException)
            {
                problem = $"is passed over: {e.Message}";
            }

            if (problem is not null)
            {
                _warnings.Add($"{GuestText.Display(file.ToString())} {problem}");
            }
        }

        FindPacked(volume, directory);
    }

    /// <returns>Why it is none of this image's; null where it is one.</returns>
    private string? Add(BootFile file)
    {
        if (PeSection.Read(file, out string problem) is not { } sections)
        {
            return problem;
        }

        UnifiedProfile addon = new(file, 0, [], sections);
        if (addon.Linux is not null)
        {
            return "is an image and no add-on: it has a section .linux";
        }

        string wanted = addon.Text(".uname");
        if (wanted.Length > 0 && _uname.Length > 0 && wanted != _uname)
        {
            return $"is for the kernel {GuestText.Display(wanted)}";
        }

        if (addon.CommandLine is { Length: > 0 } arguments)
        {
            _arguments.Add(arguments);
        }

        _microcode.AddRange(addon.Files(".ucode"));
        _initrds.AddRange(addon.Files(".initrd"));
        return null;
    }

    private void FindPacked(IBootVolume volume, string directory)
    {
        foreach (string name in Names(volume, directory).Where(name => Packed.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase))))
        {
            _warnings.Add($"{GuestText.Display($"({volume.GrubName}){directory}/{name}")} is not handed over: systemd-stub would pack it into a ramdisk");
        }
    }

    private static IEnumerable<string> Names(IBootVolume volume, string directory) =>
        (volume.List(directory) ?? []).Order(StringComparer.Ordinal).Take(SystemdBootLimits.MaxEntries);
}

using BlockRbd.BootConfig;
using BlockRbd.BootExtract.CommandLine;
using BlockRbd.BootExtract.Kernels;
using BlockRbd.BootExtract.Output;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Reading;

/// <summary>All that happens with a guest's bytes: from open disks to what is chosen and copied.</summary>
/// <remarks>With --runas this is what runs without any privilege: it opens nothing by name.</remarks>
internal sealed class GuestReader
{
    private const string Advice = "choose another with --entry (pygrub-rbd -l lists them), or repair it in the guest";

    private readonly ExtractRequest _request;
    private readonly StageLimits _limits;
    private readonly Action<string> _note;
    private readonly Lazy<BootSearch> _search;

    /// <param name="request">What is asked for.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="disks">The disks.</param>
    /// <param name="note">Told what a person should know although all goes well.</param>
    public GuestReader(ExtractRequest request, StageLimits limits, IReadOnlyList<BlockSource> disks, Action<string> note)
    {
        _request = request;
        _limits = limits;
        _note = note;
        Disks = GuestDiskSet.Open(Cut(disks));
        Host = new GuestBootHost(Disks);
        Files = new GuestFiles(Host);
        _search = new Lazy<BootSearch>(Look);
    }

    /// <summary>The guest's disks.</summary>
    public GuestDiskSet Disks { get; }

    /// <summary>The same for boot configurations.</summary>
    public GuestBootHost Host { get; }

    /// <summary>Their files.</summary>
    public GuestFiles Files { get; }

    /// <summary>Its kernels.</summary>
    public KernelLook Kernels { get; } = new();

    /// <summary>What came of looking for a boot configuration.</summary>
    public BootSearch Search => _search.Value;

    /// <summary>The menu.</summary>
    /// <exception cref="ExtractException">There is none.</exception>
    public BootMenu Menu => Search.Menu ?? throw NothingFound.Error(Disks, Search);

    /// <summary>Chooses what to hand over.</summary>
    /// <exception cref="ExtractException">Nothing can be.</exception>
    public BootChoice Choose() => Complete(_request.Kernel is { } kernel ? ChooseNamed(kernel) : ChooseEntry());

    /// <summary>Takes an entry that somebody has chosen: there is no falling back from it.</summary>
    /// <exception cref="ExtractException">It can't boot.</exception>
    public BootChoice Choose(BootEntry entry) => Complete(Run(entry));

    /// <summary>What a choice answers.</summary>
    public static BootAnswer Answer(BootChoice choice) => new(
        choice.Kernel.Name,
        [.. choice.Initrds.Select(initrd => initrd.Name)],
        choice.Arguments,
        choice.Entry is { } entry ? EntryDescription.Of(entry, choice.Plan!) : null);

    /// <summary>Copies a choice's files.</summary>
    /// <returns>Bytes of the ramdisk; 0 where there is none.</returns>
    /// <exception cref="ExtractException">They can't be copied.</exception>
    public long Copy(BootChoice choice, SafeFileHandle kernel, SafeFileHandle ramdisk)
    {
        using PayloadCopy copy = new(_limits.MaxFileBytes);
        FileNode file = GuestFiles.OpenKernel(choice.Kernel);
        string shown = GuestFiles.Shown(choice.Kernel), output = $"{_request.OutputDirectory}: copy of the kernel";
        if (KernelLook.ToUnpack(_request.Unpack, file, shown, out string? why) is { } image)
        {
            copy.Unpacked(file, image, shown, kernel, output);
            _note($"kernel {shown} is unpacked: {why}");
        }
        else
        {
            copy.Kernel(file, shown, kernel, output);
        }

        List<(FileNode, string)> initrds = [.. choice.Initrds.Select(initrd => (GuestFiles.Open(initrd), GuestFiles.Shown(initrd)))];
        return copy.Ramdisk(initrds, ramdisk, $"{_request.OutputDirectory}: copy of the ramdisk");
    }

    private BootSearch Look()
    {
        BootSearch search = _request.Config is { } config
            ? BootFinder.Take(Host, Files.Find("--config", config, first: null, _note, orDirectory: true))
            : BootFinder.Find(Host, new BootFinderOptions { LookEverywhere = _request.Explain });
        foreach (string warning in search.Warnings)
        {
            _note($"warning: {GuestText.Display(warning)}");
        }

        return search;
    }

    private IReadOnlyList<BlockSource> Cut(IReadOnlyList<BlockSource> disks) =>
        _request.Offset is { } offset
            ? [new SliceSource(disks[0], offset, Math.Max(0, disks[0].Length - offset), $"{disks[0].Name} from byte {offset}"), .. disks.Skip(1)]
            : disks;

    private BootChoice Complete(BootChoice choice)
    {
        if (_request.Ramdisk is { } ramdisk)
        {
            choice = choice with { Initrds = [Files.Find("--ramdisk", ramdisk, choice.Kernel.Volume, _note)] };
        }

        CheckFiles(choice.Kernel, choice.Initrds);
        if (_request.Type is { } type)
        {
            Kernels.Require(type, choice.Kernel);
        }

        foreach (string warning in GuestFiles.Warnings(choice.Initrds.Prepend(choice.Kernel), Disks))
        {
            _note($"warning: {warning}");
        }

        return choice;
    }

    /// <summary>pygrub: with --kernel nothing of the guest's configuration counts.</summary>
    private BootChoice ChooseNamed(string kernel) =>
        new(Files.Find("--kernel", kernel, first: null, _note), [], _request.Arguments, Entry: null, Plan: null);

    private BootChoice ChooseEntry()
    {
        BootMenu menu = Menu;
        if (_request.Entry is { } name)
        {
            return Run(EntryChoice.Named(menu, name, _note));
        }

        if (menu.Default is not { } entry)
        {
            throw new ExtractException(ExitCode.NotFound, $"{menu.Config}: the menu has no entry: write one in the guest, or give --kernel");
        }

        try
        {
            return Run(entry);
        }
        catch (ExtractException e) when (e.Code != ExitCode.Unsupported && menu.Fallbacks.Count > 0)
        {
            return RunFallbacks(menu, e);
        }
    }

    /// <summary>What the guest's loader would do: the entries of its "fallback", in turn.</summary>
    private BootChoice RunFallbacks(BootMenu menu, ExtractException first)
    {
        List<string> problems = [first.Message];
        foreach (BootEntry entry in menu.Fallbacks)
        {
            try
            {
                BootChoice choice = Run(entry);
                _note($"fallback to entry {Shown(entry)}, because {string.Join("; ", problems)}");
                return choice;
            }
            catch (ExtractException e)
            {
                problems.Add(e.Message);
            }
        }

        throw new ExtractException(first.Code, string.Join("; ", problems));
    }

    private BootChoice Run(BootEntry entry)
    {
        try
        {
            switch (entry.Plan())
            {
                case LinuxBoot linux:
                    CheckFiles(linux.Kernel, _request.Ramdisk is null ? linux.Initrds : []);
                    foreach (string warning in linux.Warnings)
                    {
                        _note($"warning: {warning}");
                    }

                    return new BootChoice(linux.Kernel, linux.Initrds, WithAdded(linux.Arguments), entry, linux);
                case OtherBoot other:
                    throw new ExtractException(
                        ExitCode.Unsupported,
                        $"entry {Shown(entry)} boots no Linux but {GuestText.Display(other.What)}: {Advice}");
                default:
                    throw new InvalidOperationException(entry.Origin);
            }
        }
        catch (BootConfigException e)
        {
            throw new ExtractException(ExitCode.NotFound, $"entry {Shown(entry)} can't boot: {e.Message}: {Advice}", e);
        }
        catch (ExtractException e) when (e.Code == ExitCode.NotFound)
        {
            throw new ExtractException(e.Code, $"entry {Shown(entry)} can't boot: {e.Message}: {Advice}", e);
        }
    }

    /// <summary>pygrub: a space and the text of --args behind the entry's own.</summary>
    private string WithAdded(string arguments) => _request.Arguments.Length > 0 ? $"{arguments} {_request.Arguments}" : arguments;

    /// <summary>What is missing must be known here, where a fallback is still possible.</summary>
    private static void CheckFiles(BootFile kernel, IReadOnlyList<BootFile> initrds)
    {
        _ = GuestFiles.OpenKernel(kernel);
        foreach (BootFile initrd in initrds)
        {
            _ = GuestFiles.Open(initrd);
        }
    }

    private static string Shown(BootEntry entry) => $"{entry.Index} \"{GuestText.Display(entry.Title)}\"";
}

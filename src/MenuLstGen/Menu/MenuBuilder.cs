using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;
using BlockRbd.MenuLstGen.Checks;
using BlockRbd.MenuLstGen.Guest;
using BlockRbd.MenuLstGen.Output;

namespace BlockRbd.MenuLstGen.Menu;

/// <summary>Makes a menu.lst of a guest's own menu.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="kernels">Looks at kernels.</param>
/// <param name="findings">Where what PV-GRUB can't do is kept.</param>
/// <param name="note">Told what is left out because there is nothing to be written of it.</param>
internal sealed class MenuBuilder(GenRequest request, IKernelInspector kernels, Findings findings, Action<string> note)
{
    /// <summary>GRUB 0.97's MAX_FALLBACK_ENTRIES.</summary>
    private const int MaxFallbacks = 8;

    private readonly KernelCheck _kernelCheck = new(kernels, request.Loader, request.Bits);
    private readonly Dictionary<string, string[]> _kernelProblems = [];
    private readonly HashSet<string> _volumesChecked = [];

    /// <summary>Initrds that must be joined for this menu, by the path that the menu names.</summary>
    public Dictionary<string, MergedInitrd> Merged { get; } = [];

    /// <summary>Makes it.</summary>
    /// <exception cref="GenException">No entry can be written, or --entry names none.</exception>
    public MenuLst Build(BootMenu menu)
    {
        List<MenuRow> rows = MenuRows.Of(menu, note);
        BootEntry? wanted = Default(menu, rows);
        List<(MenuRow Row, LinuxBoot Boot)> bootable = [.. Bootable(rows)];
        IReadOnlyList<string> titles = MenuText.Titles([.. bootable.Select(pair => pair.Row)]);
        List<MenuLstEntry> entries = [];
        Dictionary<string, int> numbers = [];
        for (int i = 0; i < bootable.Count; i++)
        {
            if (Write(titles[i], bootable[i].Row.Entry, bootable[i].Boot, menu) is { } entry)
            {
                numbers[bootable[i].Row.Entry.Index] = entries.Count;
                entries.Add(entry);
            }
        }

        if (entries.Count == 0)
        {
            throw new GenException(
                ExitCode.NotFound,
                $"{Shown(menu.Config)}: none of its {rows.Count} entries can be written for PV-GRUB: "
                + string.Join("; ", findings.Lines().DefaultIfEmpty("they boot no Linux")));
        }

        IEnumerable<BootEntry> written = menu.Fallbacks.Where(entry => numbers.ContainsKey(entry.Index));
        List<int> fallbacks = [.. written.Select(entry => numbers[entry.Index]).Distinct().Take(MaxFallbacks)];
        int first = DefaultNumber(wanted, numbers, fallbacks, entries);
        if (menu.Password is not null)
        {
            findings.Add(null, "the guest's menu asks for a password, the menu.lst doesn't");
        }

        return new MenuLst($"{MenuText.Title(menu.Config.ToString())}, {menu.Format}", first, fallbacks, menu.TimeoutSeconds, entries);
    }

    private BootEntry? Default(BootMenu menu, List<MenuRow> rows) => request.Entry is not { } name
        ? menu.Default
        : MenuRows.Named(menu, rows, name, note)
            ?? throw new GenException(
                ExitCode.NotFound, $"{Shown(menu.Config)}: no entry \"{GuestText.Display(name)}\" among {rows.Count}; pygrub-rbd -l lists them (numbers count from 0)");

    private int DefaultNumber(BootEntry? wanted, Dictionary<string, int> numbers, List<int> fallbacks, List<MenuLstEntry> entries)
    {
        if (wanted is not null && numbers.TryGetValue(wanted.Index, out int number))
        {
            return number;
        }

        int instead = fallbacks.FirstOrDefault();
        string title = wanted is null ? "the guest's menu has no default entry" : $"the default entry, {Named(wanted)}, is not in the menu.lst";
        if (request.Entry is not null)
        {
            throw new GenException(ExitCode.NotFound, $"{title}: {string.Join("; ", findings.Lines().DefaultIfEmpty("it boots no Linux"))}");
        }

        findings.Add(null, $"{title}: \"{GuestText.Display(entries[instead].Title)}\" boots instead");
        return instead;
    }

    private IEnumerable<(MenuRow Row, LinuxBoot Boot)> Bootable(List<MenuRow> rows)
    {
        foreach (MenuRow row in rows)
        {
            BootPlan? plan = null;
            try
            {
                plan = row.Entry.Plan();
            }
            catch (Exception e) when (e is BootConfigException or ImageFormatException)
            {
                findings.Add(Named(row.Entry), $"can't boot, and is left out: {e.Message}");
            }

            if (plan is LinuxBoot linux)
            {
                yield return (row, linux);
            }
            else if (plan is OtherBoot other)
            {
                note($"{Named(row.Entry)} boots no Linux but {GuestText.Display(other.What)}: left out");
            }
        }
    }

    private MenuLstEntry? Write(string title, BootEntry entry, LinuxBoot boot, BootMenu menu)
    {
        string named = Named(entry);
        IBootVolume volume = boot.Kernel.Volume;
        if (LegacyName.Of(volume.GrubName) is not { } root)
        {
            findings.Add(named, $"kernel on ({GuestText.Display(volume.GrubName)}), which has no name in a menu.lst: PV-GRUB can't read {Volumes.WhatItIs(volume)}; left out");
            return null;
        }

        if (MenuText.PathProblem(boot.Kernel.Path, hasDevice: false) is { } problem)
        {
            findings.Add(named, $"kernel {Shown(boot.Kernel)} {problem}, which can't be written in a menu.lst; left out");
            return null;
        }

        string extended = ArgumentText.Extend(boot.Arguments, request.Console, request.Append);
        if (ArgumentText.Write(extended, IsJoined(menu), request.Loader, text => findings.Add(named, text)) is not { } arguments)
        {
            return null;
        }

        CheckVolume(volume);
        CheckKernel(named, boot.Kernel);
        IBootVolume own = menu.Config.Volume;
        if (volume != own)
        {
            findings.Add(
                named,
                $"kernel on ({volume.GrubName}), the guest's configuration on ({own.GrubName}): pygrub reads both from one partition, PV-GRUB by its root line");
        }

        if (boot.Hypervisor is { } hypervisor)
        {
            findings.Add(named, $"starts the hypervisor {Shown(hypervisor)}, which PV-GRUB can't: the kernel alone is written");
        }

        foreach (string warning in boot.Warnings)
        {
            findings.Add(named, warning);
        }

        if (!TryInitrd(named, boot, out string? initrd))
        {
            return null;
        }

        MenuLstEntry written = new(title, root, Uuid(volume), boot.Kernel.Path, arguments, initrd);
        ArgumentText.CheckLine(written.KernelLine, request.Loader, text => findings.Add(named, text));
        return written;
    }

    private string? Uuid(IBootVolume volume)
    {
        if (!request.Loader.HasFlag(PvGrub.Grub2))
        {
            return null;
        }

        string? uuid = LegacyName.UuidOf(volume);
        if (uuid is null)
        {
            findings.Add(null, $"({volume.GrubName}) has no UUID that is known: PV-GRUB 2, which calls disks (xen/xvda), can't find it");
        }

        return uuid;
    }

    /// <summary>The one initrd that a menu.lst can name.</summary>
    private bool TryInitrd(string named, LinuxBoot boot, out string? initrd)
    {
        initrd = null;
        if (boot.Initrds.Count == 0)
        {
            return true;
        }

        BootFile file = boot.Initrds[^1];
        if (boot.Initrds.Count > 1 && request.MergeInitrd is { } directory)
        {
            MergedInitrd merged = MergedInitrd.For(directory, boot);
            Merged.TryAdd(merged.Name.MenuPath, merged);
            initrd = merged.Name.MenuPath;
            return true;
        }

        if (boot.Initrds.Count > 1)
        {
            findings.Add(
                named,
                $"{boot.Initrds.Count} initrds, of which a menu.lst can name one: {Shown(file)} is named, the others are left out (--merge-initrd=DIR writes them as one)");
        }

        bool elsewhere = file.Volume != boot.Kernel.Volume;
        string? device = LegacyName.Of(file.Volume.GrubName);
        string? problem = device is null ? $"is on {Volumes.WhatItIs(file.Volume)}, which has no name in a menu.lst" : MenuText.PathProblem(file.Path, elsewhere);
        if (problem is not null)
        {
            findings.Add(named, $"initrd {Shown(file)} {problem}: PV-GRUB can't load it; left out");
            return false;
        }

        if (elsewhere)
        {
            CheckVolume(file.Volume);
            findings.Add(named, $"initrd on ({file.Volume.GrubName}), kernel on ({boot.Kernel.Volume.GrubName}): GRUB 0.97 reads both; PV-GRUB 2, which calls disks (xen/xvda), and pygrub don't");
        }

        initrd = elsewhere ? device + file.Path : file.Path;
        return true;
    }

    private void CheckVolume(IBootVolume volume)
    {
        if (_volumesChecked.Add(volume.GrubName))
        {
            foreach (string problem in FileSystemCheck.Problems(volume, request.Loader))
            {
                findings.Add(null, problem);
            }
        }
    }

    private void CheckKernel(string named, BootFile kernel)
    {
        if (!_kernelProblems.TryGetValue(kernel.ToString(), out string[]? problems))
        {
            using IGuestFile? file = Volumes.Open(kernel);
            problems = file is null ? [$"kernel {Shown(kernel)} is not there"] : [.. _kernelCheck.Problems(file)];
            _kernelProblems[kernel.ToString()] = problems;
        }

        foreach (string problem in problems)
        {
            findings.Add(named, problem);
        }
    }

    /// <summary>Whether GRUB 2 makes the command line of the menu's entries.</summary>
    private static bool IsJoined(BootMenu menu) => menu.IsGrubs;

    private static string Shown(BootFile file) => GuestText.Display(file.ToString());

    private static string Named(BootEntry entry) => $"entry {entry.Index} \"{GuestText.Display(entry.Title)}\"";
}

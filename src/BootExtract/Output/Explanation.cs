using System.Globalization;
using System.Text;
using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Kernels;
using BlockRbd.BootExtract.Reading;
using BlockRbd.GuestDisk;
using BlockRbd.GuestKernel;
using BlockRbd.Linux.Confinement;

namespace BlockRbd.BootExtract.Output;

/// <summary>What --explain prints: everything that the choice rests on.</summary>
internal static class Explanation
{
    /// <summary>What stands between the guest's bytes and this host.</summary>
    public static string OfConfinement(ConfinementLayers layers)
    {
        StringBuilder text = new();
        ConfinementLayers missing = Cage.All & ~layers;
        Line(text, $"confinement: {layers}{(missing == ConfinementLayers.None ? "" : $"; not to be had here: {missing}")}");
        return text.ToString();
    }

    /// <summary>The disks, their volumes, and where a boot configuration was looked for.</summary>
    public static string OfDisks(GuestDiskSet disks, GuestBootHost host, IReadOnlyList<LookedAt> looked)
    {
        StringBuilder text = new();
        foreach (GuestDiskInfo disk in disks.Disks)
        {
            string table = disk.Table is { } found ? $"partition table {found.Scheme}" : disk.TableFailure?.Message ?? "no partition table";
            Line(text, $"disk {disk.Index}: {disk.Source.Name}: {disk.Source.Length} bytes, sectors of {disk.Table?.SectorSize ?? disk.Source.SectorSize}, {table}");
            AddVolumes(text, host.Volumes.Where(volume => volume.Guest.DiskIndex == disk.Index));
        }

        List<GuestBootVolume> assembled = [.. host.Volumes.Where(volume => volume.Guest.Assembled is not null)];
        if (assembled.Count > 0)
        {
            Line(text, $"assembled:");
            AddVolumes(text, assembled);
        }

        Line(text, $"looked at:");
        foreach (LookedAt place in looked)
        {
            Line(text, $"  {place.Place}: {place.Outcome}");
        }

        return text.ToString();
    }

    /// <summary>The menu and its default.</summary>
    public static string OfMenu(BootMenu menu)
    {
        StringBuilder text = new();
        int count = EntryChoice.Rows(menu, note: _ => { }).Count; // the list complains, or the menu's warnings below
        string timeout = menu.TimeoutSeconds is { } seconds ? $"timeout {seconds} s" : "no timeout";
        Line(text, $"menu: {menu.Format}, {menu.Config}, {count} entries, {timeout}");
        foreach (string warning in menu.Warnings)
        {
            Line(text, $"  warning: {warning}");
        }

        Line(text, $"default: {(menu.Default is { } entry ? Entry(entry) : "none")}: {menu.DefaultReason}");
        foreach (BootEntry fallback in menu.Fallbacks)
        {
            Line(text, $"fallback: {Entry(fallback)}");
        }

        return text.ToString();
    }

    /// <summary>What is handed over.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="kernels">Looks at the kernel.</param>
    /// <param name="mode">When it would be unpacked.</param>
    public static string OfChoice(BootChoice choice, KernelLook kernels, UnpackMode mode)
    {
        StringBuilder text = new();
        Line(text, $"boots: {(choice.Entry is { } entry ? $"{Entry(entry)}, written at {entry.Origin}" : "the file that --kernel names")}");
        Line(text, $"  kernel: {choice.Kernel}, {Size(choice.Kernel)}");
        KernelImage? image = kernels.At(choice.Kernel, out string? problem);
        foreach (FormattableString line in KernelText.Lines(image, problem))
        {
            Line(text, $"  {line}");
        }

        if (image is not null)
        {
            KernelLook.ToUnpack(mode, GuestFiles.OpenKernel(choice.Kernel), GuestFiles.Shown(choice.Kernel), out string? why);
            Line(text, $"    handed over {(why is null ? "as it is" : $"unpacked: {why}")}");
        }

        foreach (BootFile initrd in choice.Initrds)
        {
            Line(text, $"  initrd: {initrd}, {Size(initrd)}");
        }

        Line(text, $"  args: {choice.Arguments}");
        IEnumerable<BootFile> files = choice.Initrds.Prepend(choice.Kernel);
        AddVolumes(text, files.Select(file => file.Volume).OfType<GuestBootVolume>().Where(volume => volume.IsLoop).Distinct());
        if (choice.Plan?.Hypervisor is { } hypervisor)
        {
            Line(text, $"  not used: the guest's own hypervisor {hypervisor}");
        }

        if (choice.Plan?.DeviceTree is { } tree)
        {
            Line(text, $"  not used: the device tree {tree}, Xen makes a domain's own");
        }

        return text.ToString();
    }

    private static void AddVolumes(StringBuilder text, IEnumerable<GuestBootVolume> volumes)
    {
        foreach (GuestBootVolume volume in volumes)
        {
            Line(text, $"  ({volume.GrubName}): {Volume(volume.Guest)}");
            foreach (string warning in volume.Guest.Warnings)
            {
                Line(text, $"    warning: {warning}");
            }
        }
    }

    private static string Size(BootFile file) => string.Create(
        CultureInfo.InvariantCulture, $"{GuestFiles.Open(file).Size} bytes{(file.Slice is { } slice ? $" from byte {slice.Offset}" : "")}");

    private static string Volume(GuestVolume volume)
    {
        StringBuilder text = new();
        if (volume.About.Length > 0)
        {
            text.Append(GuestText.Display(volume.About)).Append(volume.Source is { } source ? $", {source.Length} bytes, " : ": ");
        }

        if (volume.Partition is { } partition)
        {
            text.Append(CultureInfo.InvariantCulture, $"{partition.Length} bytes from byte {partition.Start}, type {partition.Type}, ");
            if (partition.Name.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"name \"{partition.Name}\", ");
            }
        }

        if (volume.FileSystem is not { } fileSystem)
        {
            return text.Append(volume.Unreadable).ToString();
        }

        text.Append(fileSystem.Kind);
        string label = GuestText.FromBytes(fileSystem.Label);
        return text.Append(label.Length > 0 ? $", label \"{label}\"" : "").Append(fileSystem.Uuid.Length > 0 ? $", uuid {fileSystem.Uuid}" : "").ToString();
    }

    private static string Entry(BootEntry entry) => $"{entry.Index} \"{entry.Title}\"{(entry.Id.Length > 0 ? $" (id {entry.Id})" : "")}";

    /// <summary>One line: whatever a guest put into it, it stays one.</summary>
    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(EntryList.Line(line.ToString(CultureInfo.InvariantCulture))).Append('\n');
}

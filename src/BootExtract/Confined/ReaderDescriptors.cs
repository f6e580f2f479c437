using System.Globalization;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Linux.Confinement;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Confined;

/// <summary>What the second process was given: what it is to become, and what it finds open.</summary>
/// <param name="User">Whom it is to become; null to stay.</param>
/// <param name="Layers">What stands around it already.</param>
/// <param name="Answer">The pipe that the answer goes to.</param>
/// <param name="Questions">The pipe that the menu's questions come from; null where there is no menu.</param>
/// <param name="Kernel">The kernel's file; null where nothing is copied.</param>
/// <param name="Ramdisk">The ramdisk's.</param>
/// <param name="Disks">The guest's disks: open files or devices, or sockets to a <see cref="BlockServer"/>.</param>
internal sealed record ReaderDescriptors(
    UserIds? User, ConfinementLayers Layers, SafeFileHandle Answer, SafeFileHandle? Questions, SafeFileHandle? Kernel, SafeFileHandle? Ramdisk,
    IReadOnlyList<(SafeFileHandle Handle, bool IsServed)> Disks)
{
    private const string Served = "s";

    private const int FixedFields = 7;

    /// <summary>Writes <see cref="ReaderProcess.Variable"/>'s value.</summary>
    public static string Format(
        UserIds? user, ConfinementLayers layers, IReadOnlyList<SafeFileHandle?> fixedOnes, IReadOnlyList<(SafeFileHandle Handle, bool IsServed)> disks)
    {
        List<string> fields = [Number(user?.Uid), Number(user?.Gid), ((int)layers).ToString(CultureInfo.InvariantCulture)];
        fields.AddRange(fixedOnes.Select(static handle => Number(handle?.DangerousGetHandle())));
        fields.AddRange(disks.Select(static disk => (disk.IsServed ? Served : "") + Number(disk.Handle.DangerousGetHandle())));
        return string.Join(',', fields);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="ExtractException">It is none of ours.</exception>
    public static ReaderDescriptors Parse(string value)
    {
        string[] fields = value.Split(',');
        if (fields.Length <= FixedFields)
        {
            throw NotOurs();
        }

        long uid = Number(fields[0]);
        long gid = Number(fields[1]);
        return new ReaderDescriptors(
            uid < 0 ? null : new UserIds((uint)uid, (uint)gid), (ConfinementLayers)Number(fields[2]),
            Handle(fields[3]) ?? throw NotOurs(), Handle(fields[4]), Handle(fields[5]), Handle(fields[6]),
            [.. fields.Skip(FixedFields).Select(static field =>
                (Handle(field.TrimStart(Served[0])) ?? throw NotOurs(), field.StartsWith(Served, StringComparison.Ordinal)))]);
    }

    /// <summary>The disks as sources.</summary>
    /// <param name="images">Their names.</param>
    public IReadOnlyList<BlockSource> Sources(IReadOnlyList<string> images) =>
        [.. Disks.Zip(images, static (disk, image) => disk.IsServed ? (BlockSource)ServedSource.Open(disk.Handle) : FileSource.Adopt(disk.Handle, image))];

    private static string Number(long? number) => (number ?? -1).ToString(CultureInfo.InvariantCulture);

    private static long Number(string field) =>
        long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number is >= -1 and <= uint.MaxValue ? number : throw NotOurs();

    private static SafeFileHandle? Handle(string field) => Number(field) is >= 0 and var number ? new SafeFileHandle((nint)number, ownsHandle: true) : null;

    private static ExtractException NotOurs() =>
        new(ExitCode.Usage, $"{ReaderProcess.Variable} in the environment is for the program's own use: unset it");
}

using System.Globalization;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Linux;
using BlockRbd.Linux.Confinement;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.TwoStages;

/// <summary>What the second process was given: what it is to become, and what it finds open.</summary>
/// <param name="User">Whom it is to become; null to stay.</param>
/// <param name="Layers">What stands around it already.</param>
/// <param name="Answer">The pipe that the answer goes to.</param>
/// <param name="Files">What the program hands over besides, in its own order; null where there is none.</param>
/// <param name="Disks">The guest's disks: open files or devices, or sockets to a <see cref="BlockServer"/>.</param>
public sealed record StageOrders(
    UserIds? User, ConfinementLayers Layers, SafeFileHandle Answer, IReadOnlyList<SafeFileHandle?> Files, IReadOnlyList<(SafeFileHandle Handle, bool IsServed)> Disks)
{
    private const string Served = "s";

    private const char Separator = ',';
    private const char Group = ';';

    /// <summary>Writes the value of the variable that carries them: "UID,GID,LAYERS;ANSWER,FILE...;DISK...".</summary>
    public static string Format(
        UserIds? user, ConfinementLayers layers, SafeFileHandle answer, IReadOnlyList<SafeFileHandle?> files, IReadOnlyList<(SafeFileHandle Handle, bool IsServed)> disks) =>
        string.Join(
            Group,
            string.Join(Separator, Number(user?.Uid), Number(user?.Gid), ((int)layers).ToString(CultureInfo.InvariantCulture)),
            string.Join(Separator, files.Prepend(answer).Select(static handle => Number(handle?.DangerousGetHandle()))),
            string.Join(Separator, disks.Select(static disk => (disk.IsServed ? Served : "") + Number(disk.Handle.DangerousGetHandle()))));

    /// <summary>Reads it.</summary>
    /// <param name="variable">The variable's name, for the error.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="StageException">It is none of ours.</exception>
    public static StageOrders Parse(string variable, string value)
    {
        try
        {
            string[][] groups = [.. value.Split(Group).Select(static group => group.Split(Separator))];
            long uid = Number(groups[0][0]);
            long gid = Number(groups[0][1]);
            return new StageOrders(
                uid < 0 ? null : new UserIds((uint)uid, (uint)gid),
                (ConfinementLayers)Number(groups[0][2]),
                Handle(groups[1][0]) ?? throw new FormatException(),
                [.. groups[1].Skip(1).Select(Handle)],
                [.. groups[2].Select(static field => (Handle(field.TrimStart(Served[0])) ?? throw new FormatException(), field.StartsWith(Served, StringComparison.Ordinal)))]);
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException)
        {
            throw new StageException(StageFault.Usage, $"{variable} in the environment is for the program's own use: unset it");
        }
    }

    /// <summary>The disks as sources.</summary>
    /// <param name="images">Their names.</param>
    public IReadOnlyList<BlockSource> Sources(IReadOnlyList<string> images) =>
        [.. Disks.Zip(images, static (disk, image) => disk.IsServed ? (BlockSource)ServedSource.Open(disk.Handle) : FileSource.Adopt(disk.Handle, image))];

    /// <summary>Becomes the user, and no longer heeds the terminal's keys: they mean the first process, whose end is this one's.</summary>
    /// <exception cref="StageException">That is not allowed.</exception>
    public void Obey()
    {
        User?.Take();
        _ = Libc.Signal(Libc.SIGINT, Libc.SIG_IGN);
        _ = Libc.Signal(Libc.SIGQUIT, Libc.SIG_IGN);
        _ = Libc.Signal(Libc.SIGHUP, Libc.SIG_IGN);

        // Nobody would take the answer any more. After Take, because a change of uid clears it.
        _ = Libc.PrCtl(Libc.PR_SET_PDEATHSIG, Libc.SIGKILL, 0, 0, 0);
    }

    private static string Number(long? number) => (number ?? -1).ToString(CultureInfo.InvariantCulture);

    private static long Number(string field) =>
        long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number is >= -1 and <= uint.MaxValue ? number : throw new FormatException();

    private static SafeFileHandle? Handle(string field) => Number(field) is >= 0 and var number ? new SafeFileHandle((nint)number, ownsHandle: true) : null;
}

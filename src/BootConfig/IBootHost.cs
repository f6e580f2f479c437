namespace BlockRbd.BootConfig;

/// <summary>
/// All that the evaluation of a boot configuration can see of the world: the guest's volumes, and which firmware
/// it believes to run on. It can read files and nothing else; a test's host is a dictionary.
/// </summary>
/// <remarks>
/// A guest's names and texts are bytes. Everywhere in this library they are strings with one character for each byte
/// (Latin-1), so that nothing is lost and comparing is what GRUB does; see <see cref="GuestText"/>.
/// </remarks>
public interface IBootHost
{
    /// <summary>
    /// Every volume: each disk, in the order in which GRUB goes over them in <c>search</c>, then its partitions by number.
    /// Volumes whose filesystem can't be read are in it too (<see cref="IBootVolume.Unreadable"/>).
    /// </summary>
    IReadOnlyList<IBootVolume> Volumes { get; }
}

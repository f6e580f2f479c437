using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>The filesystem's devices, found by the UUID in each one's superblock among all that the guest has.</summary>
internal sealed class BtrfsDevices
{
    private readonly Dictionary<Guid, (BlockSource Source, BtrfsSuperblock Superblock)> _byUuid = [];

    /// <param name="own">The device that is opened.</param>
    /// <param name="superblock">Its superblock.</param>
    /// <param name="others">Every other volume of the guest, whatever it holds.</param>
    public BtrfsDevices(BlockSource own, BtrfsSuperblock superblock, IEnumerable<BlockSource> others)
    {
        _byUuid.Add(superblock.Device.Uuid, (own, superblock));
        if (superblock.Devices == 1)
        {
            return;
        }

        foreach (BlockSource source in others)
        {
            // Of two with one UUID (a device and its copy) the newer is taken, as the kernel does.
            if (BtrfsSuperblock.TryRead(source) is { } other
                && (!_byUuid.TryGetValue(other.Device.Uuid, out var known) || (known.Source != own && known.Superblock.Generation < other.Generation)))
            {
                _byUuid[other.Device.Uuid] = (source, other);
            }
        }

        // Of the devices that belong together, the last commit's superblock counts: one may have been away when it was made.
        Newest = _byUuid.Values.Where(device => device.Superblock.MetadataUuid == superblock.MetadataUuid).Select(device => device.Superblock)
            .Where(other => other.Generation > superblock.Generation).MaxBy(other => other.Generation);
    }

    /// <summary>A newer superblock than the own one; null where there is none.</summary>
    public BtrfsSuperblock? Newest { get; }

    /// <summary>The device of a stripe, or null where it isn't there.</summary>
    public BlockSource? Find(BtrfsStripe stripe) =>
        _byUuid.TryGetValue(stripe.DeviceUuid, out var device) && device.Superblock.Device.Number == stripe.Device ? device.Source : null;

    /// <summary>Whether a device is there.</summary>
    public bool Has(BtrfsDeviceId device) => _byUuid.ContainsKey(device.Uuid);
}

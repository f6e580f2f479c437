namespace BlockRbd.BootConfig.Grub2;

/// <summary>A device that <c>loopback</c> made of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Volumes">It as a whole, then its partitions.</param>
/// <param name="Depth">1; one more for each device that its file is in.</param>
internal sealed record LoopDevice(string Name, IReadOnlyList<IBootVolume> Volumes, int Depth);

/// <summary>
/// The guest with the devices that a script made. They come first and the newest of them before the others, as GRUB goes over devices (its drivers, of which loopback
/// is loaded last, and the list in loopback.c).
/// </summary>
internal sealed class LoopDevices : IBootHost
{
    private readonly IBootHost _guest;

    public LoopDevices(IBootHost guest, IReadOnlyList<LoopDevice> devices)
    {
        _guest = guest;
        (Devices, Volumes) = (devices, All(devices));
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<LoopDevice> Devices { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<IBootVolume> Volumes { get; private set; }

    /// <summary>The device of a name, or null.</summary>
    public LoopDevice? Find(string name) => Devices.FirstOrDefault(device => device.Name == name);

    /// <summary>The device that a volume is, or is a partition of; null where it is the guest's.</summary>
    public LoopDevice? Of(IBootVolume volume) => Devices.FirstOrDefault(device => device.Volumes.Contains(volume));

    public void Add(LoopDevice device) => Set([device, .. Devices]);

    public void Remove(LoopDevice device) => Set([.. Devices.Where(other => other != device)]);

    private void Set(IReadOnlyList<LoopDevice> devices) => (Devices, Volumes) = (devices, All(devices));

    private IReadOnlyList<IBootVolume> All(IReadOnlyList<LoopDevice> devices) =>
        devices.Count == 0 ? _guest.Volumes : [.. devices.SelectMany(device => device.Volumes), .. _guest.Volumes];
}

namespace BlockRbd.Mapper.Tests;

/// <summary>A disk that libxl would attach: what stands in its backend folder and in its domain's.</summary>
internal sealed record Disk
{
    public required uint DomainId { get; init; }

    public required string Target { get; init; }

    public uint DeviceId { get; init; } = 51712;

    public string VirtualDevice { get; init; } = "xvda";

    public string Mode { get; init; } = "w";

    public required string Name { get; init; }

    public required Guid Uuid { get; init; }

    /// <summary>As libxl puts it into XENBUS_PATH.</summary>
    public string Path => $"backend/vbd/{DomainId}/{DeviceId}";

    public string Folder => "/local/domain/0/" + Path;

    public (string Path, string Value)[] Nodes =>
    [
        (Folder + "/params", Target), (Folder + "/mode", Mode), (Folder + "/frontend-id", $"{DomainId}"), (Folder + "/dev", VirtualDevice),
        (Folder + "/frontend", $"/local/domain/{DomainId}/device/vbd/{DeviceId}"), (Folder + "/device-type", "disk"), (Folder + "/online", "1"),
        (Folder + "/state", "2"), (Folder + "/type", "phy"), (Folder + "/bootable", "1"), (Folder + "/removable", "0"),
        (Folder + "/discard-enable", "1"), (Folder + "/specification", "xen"), (Folder + "/script", "/etc/xen/scripts/block-rbd"),
        ($"/local/domain/{DomainId}/name", Name), ($"/local/domain/{DomainId}/vm", $"/vm/{Uuid}"), ("/local/domain/0/domid", "0"),
        ($"/vm/{Uuid}/name", Name),
    ];
}

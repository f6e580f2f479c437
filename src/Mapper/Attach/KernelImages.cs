using BlockRbd.Ceph;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Mappings;
using BlockRbd.Ceph.Targets;
using BlockRbd.Linux;
using BlockRbd.Mapper.State;

namespace BlockRbd.Mapper.Attach;

/// <summary>This host's mapped images, as records know them.</summary>
internal sealed class KernelImages
{
    private readonly Ceph.Mappings.HostPaths _paths;
    private readonly KernelMapping _mapping;

    public KernelImages(HostPaths host, Log log)
    {
        _paths = new Ceph.Mappings.HostPaths(host.RbdCommand, host.Sys, host.Dev, host.Proc);
        _mapping = new KernelMapping(_paths, log.Step);
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<MappedImage> List() => _mapping.List();

    /// <summary>All of them, after whatever a killed run may still have on its way for the record's image.</summary>
    public IReadOnlyList<MappedImage> ListWithComing(AttachRecord record, Deadline deadline)
    {
        _mapping.AwaitComing(TypeOf(record.Target), record.Target.Name, deadline);
        return List();
    }

    /// <summary>The record's own mapping is there.</summary>
    public bool IsMapped(AttachRecord record) => List().Any(m => IsMappingOf(m, record));

    /// <summary>It is the very mapping that the record names, and not a later one of the same number.</summary>
    public static bool IsMappingOf(MappedImage mapped, AttachRecord record) =>
        record.DeviceId == mapped.Number && record.Client == mapped.Incarnation && TypeOf(record.Target) == mapped.Type;

    /// <summary>It is a mapping of the record's image, whatever that is called now; made for it or not.</summary>
    public static bool IsOfImage(MappedImage mapped, AttachRecord record) =>
        mapped.Type == TypeOf(record.Target) && (mapped.ClusterFsid ?? record.Fsid) == record.Fsid && mapped.Pool == record.Target.Pool
        && mapped.Namespace == record.Target.Namespace && mapped.Snapshot == record.Target.Snapshot
        && (mapped.ImageId is null ? mapped.Image == record.Target.Image : mapped.ImageId == record.ImageId);

    /// <summary>Maps and verifies; where it fails, nothing stays.</summary>
    public MappedImage Map(MapRequest request, AttachRecord record, IReadOnlyList<AttachRecord> others, Patience patience) => _mapping.Map(
        request,
        mapped => record.FormerClients.Contains(mapped.Incarnation) || others.Any(other => other.Path != record.Path && IsMappingOf(mapped, other)),
        patience.Work,
        patience.Cancelled);

    /// <summary>Unmaps, trying again while it is busy.</summary>
    /// <exception cref="CephException">It is still there; the message names who holds it.</exception>
    public void Unmap(MappedImage mapped, Deadline deadline) => _mapping.Unmap(mapped, deadline);

    /// <summary>The command that maps.</summary>
    /// <exception cref="MapperException">It isn't there.</exception>
    public string RequireCommand() =>
        File.Exists(_paths.Rbd) ? _paths.Rbd : throw new MapperException(ExitCode.Failed, $"{_paths.Rbd} is not there: install ceph-common");

    /// <summary>The program behind nbd devices, which the rbd command looks for beside itself.</summary>
    /// <exception cref="MapperException">It isn't there.</exception>
    public string RequireNbdCommand() =>
        File.Exists(_paths.Rbd + "-nbd") ? _paths.Rbd + "-nbd" : throw new MapperException(ExitCode.Failed, $"{_paths.Rbd}-nbd is not there: install rbd-nbd");

    /// <summary>Whether the kernel has nbd now, loaded or built in.</summary>
    public bool HasNbdModule() => Directory.Exists(Path.Combine(_paths.Sys, "module", "nbd"));

    /// <summary>What the kernel knows of images; null while its module isn't loaded.</summary>
    public RbdFeatures? SupportedFeatures() => KernelFeatures.Supported(_paths.RbdBus);

    /// <summary>Refuses an image that can't be used here, before it is locked.</summary>
    /// <exception cref="CephException">Says what would help.</exception>
    public void RequireUsable(CephPool pool, ImageInfo image, RbdTarget target) =>
        // rbd-nbd is a librbd client and knows every feature.
        ImageSupport.Require(pool, image, TypeOf(target) == DeviceType.Krbd ? SupportedFeatures() : null);

    private static DeviceType TypeOf(RbdTarget target) => target.Options.DeviceType ?? DeviceType.Krbd;
}

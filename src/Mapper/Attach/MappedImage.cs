using BlockRbd.Mapper.State;

namespace BlockRbd.Mapper.Attach;

/// <summary>An image that the kernel has as a block device.</summary>
internal sealed record MappedImage
{
    public required int Id { get; init; }
    public required string Device { get; init; }
    public required string Client { get; init; }
    public required Guid Fsid { get; init; }
    public required string Pool { get; init; }
    public required string Namespace { get; init; }
    public required string Name { get; init; }
    public required string ImageId { get; init; }
    public required string Snapshot { get; init; }
    public required bool IsReadOnly { get; init; }
    public required long Size { get; init; }
    public required uint Major { get; init; }
    public required uint Minor { get; init; }

    /// <summary>It is a mapping of the image that a record is about, whatever the image's name is now.</summary>
    public bool IsOf(AttachRecord record) =>
        Fsid == record.Fsid && Pool == record.Target.Pool && Namespace == record.Target.Namespace && ImageId == record.ImageId
        && Snapshot == (record.Target.Snapshot ?? "");
}

namespace BlockRbd.Ceph.Images;

/// <summary>A snapshot of an image.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Size">The image's size when it was made, bytes.</param>
public sealed record ImageSnapshot(ulong Id, string Name, long Size);

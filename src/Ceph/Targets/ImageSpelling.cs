namespace BlockRbd.Ceph.Targets;

/// <summary>Ceph's own spelling of what stands before an image's name.</summary>
internal static class ImageSpelling
{
    /// <summary>pool/ or pool/namespace/, or nothing where no pool is named.</summary>
    public static string Prefix(string? pool, string name) => pool is null ? "" : name.Length == 0 ? $"{pool}/" : $"{pool}/{name}/";
}

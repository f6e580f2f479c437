namespace BlockRbd.MenuLstGen;

/// <summary>Symbolic links of the host's own.</summary>
internal static class HostLink
{
    /// <summary>What a path leads to; the path itself where it is no link, or nothing.</summary>
    public static string Follow(string path)
    {
        FileInfo file = new(path);
        return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }
}

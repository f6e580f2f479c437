using BlockRbd.Unpacking;

namespace BlockRbd.BootExtract.Kernels;

/// <summary>The host's libxenguest, which unpacks a PV or PVH domain's kernel: its version, and what that can unpack.</summary>
internal static class XenGuestLibrary
{
    /// <summary>Tells the version where it can't be found: "4.17".</summary>
    public const string Variable = "PYGRUB_RBD_LIBXENGUEST";

    private const string Prefix = "libxenguest.so.";

    // Its soname is Xen's version (tools/libs/guest/Makefile). Debian, Red Hat and SUSE, Xen's own "make install".
    private static readonly IReadOnlyList<string> Folders =
        ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib", "/usr/local/lib64", "/usr/lib/xen/lib"];

    // xg_dom_bzimageloader.c by Xen's releases. Whatever isn't here has been taken since long before.
    private static readonly Dictionary<Packing, Version> Since = new() { [Packing.Lz4] = new(4, 4), [Packing.Zstd] = new(4, 15) };

    /// <summary>The version; the newest of several; null where none is found.</summary>
    /// <exception cref="ExtractException">The variable holds no version.</exception>
    public static Version? Installed() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } told
        ? Version.TryParse(told, out Version? given) ? given : throw new ExtractException(ExitCode.Usage, $"{Variable}=\"{told}\": must be Xen's version, such as 4.17")
        : Folders.SelectMany(VersionsIn).Max();

    /// <summary>Whether that version unpacks it; null where there is no version.</summary>
    public static bool? Takes(Packing packing, Version? installed) =>
        installed is null ? null : !Since.TryGetValue(packing, out Version? since) || installed >= since;

    private static IEnumerable<Version> VersionsIn(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, Prefix + "*").Select(VersionOf).OfType<Version>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static Version? VersionOf(string path) => Version.TryParse(Path.GetFileName(path)[Prefix.Length..], out Version? version) ? version : null;
}

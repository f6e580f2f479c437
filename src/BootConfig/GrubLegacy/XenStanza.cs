namespace BlockRbd.BootConfig.GrubLegacy;

/// <summary>Tells a guest's own Xen, which starts a Linux, from other multiboot kernels, by the files' names.</summary>
internal static class XenStanza
{
    private static readonly string[] LinuxNames = ["vmlinu", "bzImage", "zImage", "linux", "kernel", "Image"];

    /// <summary>Whether a multiboot kernel with modules is a hypervisor with a Linux as its first module.</summary>
    public static bool IsLinuxUnderXen(BootFile kernel, BootFile module)
    {
        string hypervisor = Name(kernel);
        string linux = Name(module);
        return hypervisor.Contains("xen", StringComparison.OrdinalIgnoreCase)
            || LinuxNames.Any(name => linux.StartsWith(name, StringComparison.Ordinal));
    }

    private static string Name(BootFile file) => file.Path[(file.Path.LastIndexOf('/') + 1)..];
}

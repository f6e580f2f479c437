using BlockRbd.Ceph.Mappings;
using BlockRbd.Ceph.Targets;

namespace BlockRbd.BootExtract.Disks;

/// <summary>Where this host has mapped images and the defaults for targets: block-rbd's places, and elsewhere only in tests, by its variables.</summary>
/// <param name="Configuration">The defaults.</param>
/// <param name="Paths">The kernel's view.</param>
internal sealed record RbdHost(string Configuration, HostPaths Paths)
{
    /// <param name="environment">A variable's value by its name, or null.</param>
    public static RbdHost From(Func<string, string?> environment)
    {
        HostPaths paths = new();
        return new RbdHost(
            environment("BLOCK_RBD_CONF") ?? BlockRbdConfig.DefaultPath,
            paths with { Sys = environment("BLOCK_RBD_SYS") ?? paths.Sys, Dev = environment("BLOCK_RBD_DEV") ?? paths.Dev });
    }
}

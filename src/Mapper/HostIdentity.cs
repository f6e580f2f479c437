using System.Security.Cryptography;
using System.Text;
using BlockRbd.Xen;

namespace BlockRbd.Mapper;

/// <summary>Who this host is in a lock that all hosts see.</summary>
internal static class HostIdentity
{
    private const string MachineId = "/etc/machine-id";

    /// <summary>
    /// A word that no other host has and every boot of this one has again. Of machine-id(5), which must not be shown outside, only a
    /// hash; with the name, because hosts installed from one image may share the file; and in a domain other than 0 with its own uuid,
    /// because a driver domain may be a copy of domain 0's system as it stands.
    /// </summary>
    public static string Of(HostPaths host)
    {
        string id = TextOf(MachineId);
        return Hash($"block-rbd host {id} {host.HostName}{DomainUuid(host)}")[..20];
    }

    // Documentation/ABI/stable/sysfs-hypervisor-xen. Domain 0 has no uuid but zeros, on every host.
    private static string DomainUuid(HostPaths host) =>
        Guid.TryParse(TextOf(Path.Combine(host.Sys, "hypervisor", "uuid")), out Guid uuid) && uuid != Guid.Empty ? $" {uuid:D}" : "";

    private static string TextOf(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : "";

    /// <summary>
    /// The uuid that a machine has in locks. One whose own can't be read (a driver domain may not) is known by this boot of this host and
    /// its number, which nobody else has; so it can't be taken for another one, and a migration of it is refused.
    /// </summary>
    public static Guid MachineOf(Machine machine, HostPaths host) =>
        machine.Uuid is { } uuid ? Guid.ParseExact(uuid, "D") : Guid.ParseExact(Hash($"{Of(host)} {host.BootId} {machine.DomainId}")[..32], "N");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

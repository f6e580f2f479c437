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
    /// hash; with the name, because hosts installed from one image may share the file.
    /// </summary>
    public static string Of(HostPaths host)
    {
        string id = File.Exists(MachineId) ? File.ReadAllText(MachineId).Trim() : "";
        return Hash($"block-rbd host {id} {host.HostName}")[..20];
    }

    /// <summary>
    /// The uuid that a machine has in locks. One whose own can't be read (a driver domain may not) is known by this boot of this host and
    /// its number, which nobody else has; so it can't be taken for another one, and a migration of it is refused.
    /// </summary>
    public static Guid MachineOf(Machine machine, HostPaths host) =>
        machine.Uuid is { } uuid ? Guid.ParseExact(uuid, "D") : Guid.ParseExact(Hash($"{Of(host)} {host.BootId} {machine.DomainId}")[..32], "N");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

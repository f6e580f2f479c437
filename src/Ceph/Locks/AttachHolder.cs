using System.Globalization;
using System.Text;
using BlockRbd.Ceph.Targets;

namespace BlockRbd.Ceph.Locks;

/// <summary>Who an attach is for: what stands in its lock for others to decide by and for people to read.</summary>
public sealed record AttachHolder
{
    /// <summary>The host's name, for people.</summary>
    public required string Host { get; init; }

    /// <summary>The host's identity, which no other host has, whatever its name.</summary>
    public required string HostId { get; init; }

    /// <summary>The host's boot, /proc/sys/kernel/random/boot_id.</summary>
    public required string BootId { get; init; }

    /// <summary>The domain's name.</summary>
    public required string Domain { get; init; }

    /// <summary>The domain's number on its host.</summary>
    public required int DomainId { get; init; }

    /// <summary>The machine: the domain's uuid, which moves with it from host to host.</summary>
    public required Guid Machine { get; init; }

    /// <summary>The disk as the guest sees it: xvda.</summary>
    public required string Vdev { get; init; }

    /// <summary>The attach's XENBUS_PATH.</summary>
    public required string XenbusPath { get; init; }

    /// <summary>Whether it may write.</summary>
    public required bool IsWriter { get; init; }

    /// <summary>When it was attached.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>
    /// The lock's tag, on which holders must agree: "w:MACHINE" or "r". Domain 0 has the same uuid on every host, so its tag has the
    /// host's identity as well.
    /// </summary>
    public string Tag => !IsWriter ? "r" : DomainId == 0 ? $"w:{Machine}@{HostId}" : $"w:{Machine}";

    /// <summary>"domain vm1 (uuid ..., xvda) on host h1 since 2026-11-22T10:00:00Z, for writing".</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"domain {Show(Domain)} (uuid {Machine}, {Show(Vdev)}) on host {Show(Host)} since {Since.UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z, for {Use}");

    private string Use => IsWriter ? "writing" : "reading";

    /// <summary>The lock's description: key=value with blanks between, odd characters as %HH.</summary>
    internal string Encode()
    {
        StringBuilder text = new();
        Add("host", Host);
        Add("hostid", HostId);
        Add("boot", BootId);
        Add("domain", Domain);
        Add("domid", DomainId.ToString(CultureInfo.InvariantCulture));
        Add("uuid", Machine.ToString());
        Add("vdev", Vdev);
        Add("path", XenbusPath);
        Add("mode", IsWriter ? "w" : "r");
        Add("since", Since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        return text.ToString(0, text.Length - 1);

        void Add(string key, string value) => text.Append(key).Append('=').Append(Uri.EscapeDataString(value)).Append(' ');
    }

    /// <summary>What such a description says; null where it isn't one.</summary>
    internal static AttachHolder? TryDecode(string description)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (string field in description.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !fields.TryAdd(field[..equals], Uri.UnescapeDataString(field[(equals + 1)..])))
            {
                return null;
            }
        }

        string Field(string name) => fields.GetValueOrDefault(name, "");
        return Field("hostid").Length > 0 && Field("boot").Length > 0 && Field("path").Length > 0 && Field("mode") is "w" or "r"
            && Guid.TryParse(Field("uuid"), out Guid machine)
            && int.TryParse(Field("domid"), NumberStyles.None, CultureInfo.InvariantCulture, out int domainId)
            && long.TryParse(Field("since"), NumberStyles.None, CultureInfo.InvariantCulture, out long since) && since <= 253402300799
                ? new AttachHolder
                {
                    Host = Field("host"), HostId = Field("hostid"), BootId = Field("boot"), Domain = Field("domain"), DomainId = domainId,
                    Machine = machine, Vdev = Field("vdev"), XenbusPath = Field("path"), IsWriter = Field("mode") == "w",
                    Since = DateTimeOffset.FromUnixTimeSeconds(since),
                }
                : null;
    }

    /// <summary>Bare where it is a plain word, else quoted: another host wrote it.</summary>
    private static string Show(string text) =>
        text.Length is > 0 and <= TargetText.MaxName && TargetText.OddCharacter(text, static letter => TargetText.IsNameCharacter(letter)) is null
            ? text
            : TargetText.Quote(text);
}

using System.Globalization;
using System.Text.Json;
using BlockRbd.Ceph.Mappings;
using BlockRbd.Ceph.Targets;
using BlockRbd.Mapper.Attach;

namespace BlockRbd.Mapper.People;

/// <summary>`status`: what is attached on this host, and what doesn't fit.</summary>
internal static class StatusCommand
{
    public static ExitCode Run(Session session, bool json, bool offline, TextWriter output)
    {
        using Survey survey = new(session);
        IReadOnlyList<AttachedDisk> disks = survey.Disks(askCluster: !offline);
        IReadOnlyList<MappedImage> others = survey.Others(disks);
        if (json)
        {
            JsonOutput.Write(output, writer => Write(writer, disks, others, survey.Problems));
        }
        else
        {
            Write(output, disks, others, survey.Problems);
        }

        return survey.Problems.Count > 0 || disks.Any(static d => d.Problems.Count > 0) ? ExitCode.Problems : ExitCode.Ok;
    }

    private static void Write(TextWriter output, IReadOnlyList<AttachedDisk> disks, IReadOnlyList<MappedImage> others, List<string> problems)
    {
        Table table = new("DOMAIN", "ID", "VDEV", "IMAGE", "DEVICE", "MODE", "LOCK", "WATCHERS", "SINCE");
        foreach (AttachedDisk disk in disks)
        {
            table.Add(
                disk.Record.DomainName, disk.Record.DomainId.ToString(CultureInfo.InvariantCulture), disk.Record.VirtualDevice, disk.Record.Target.Name,
                disk.Record.Device, disk.Record.Mode.Spelling(), Lock(disk), string.Join(",", disk.Watchers ?? []),
                Stamp.Of(disk.Record.Since));
        }

        foreach (MappedImage other in others)
        {
            table.Add("", "", "", other.FullName, other.Device, other.IsReadOnly ? "r" : "w", "", "", "");
        }

        table.Write(output);
        foreach (AttachedDisk disk in disks)
        {
            foreach (string problem in disk.Problems)
            {
                output.WriteLine($"! {disk.Record.DomainName} {disk.Record.VirtualDevice} ({disk.Record.Target.Name}): {problem}");
            }
        }

        problems.ForEach(problem => output.WriteLine($"! {problem}"));
    }

    private static string Lock(AttachedDisk disk) =>
        disk.Lock is null ? "?" : disk.Record.Cookie.Length == 0 ? "none" : disk.Lock.Count == 1 ? "held" : $"shared by {disk.Lock.Count}";

    private static void Write(Utf8JsonWriter json, IReadOnlyList<AttachedDisk> disks, IReadOnlyList<MappedImage> others, List<string> problems)
    {
        json.WriteStartObject();
        json.WriteStartArray("disks");
        foreach (AttachedDisk disk in disks)
        {
            json.WriteStartObject();
            json.WriteString("domain", disk.Record.DomainName);
            json.WriteNumber("domain_id", disk.Record.DomainId);
            json.WriteString("uuid", disk.Record.Uuid);
            json.WriteString("vdev", disk.Record.VirtualDevice);
            json.WriteString("path", disk.Record.Path);
            json.WriteString("image", disk.Record.Target.Name);
            json.WriteString("image_id", disk.Record.ImageId);
            json.WriteString("fsid", disk.Record.Fsid);
            json.WriteString("device", disk.Record.Device);
            json.WriteString("mode", disk.Record.Mode.Spelling());
            json.WriteString("step", disk.Record.Step.ToString());
            json.WriteString("since", Stamp.Of(disk.Record.Since));
            json.WriteString("cookie", disk.Record.Cookie);
            WriteOrNull(json, "lock_holders", disk.Lock);
            WriteOrNull(json, "watchers", disk.Watchers);
            json.WriteStrings("problems", disk.Problems);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("other_mappings");
        foreach (MappedImage other in others)
        {
            json.WriteStartObject();
            json.WriteString("image", other.FullName);
            json.WriteString("device", other.Device);
            json.WriteBoolean("read_only", other.IsReadOnly);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStrings("problems", problems);
        json.WriteEndObject();
    }

    private static void WriteOrNull(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteStrings(name, values);
        }
    }
}

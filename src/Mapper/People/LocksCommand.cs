using BlockRbd.Ceph;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using BlockRbd.Ceph.Targets;
using BlockRbd.Mapper.Attach;

namespace BlockRbd.Mapper.People;

/// <summary>`locks`: who has which image of a pool, on all hosts.</summary>
internal static class LocksCommand
{
    public static ExitCode Run(Session session, string text, bool json, TextWriter output)
    {
        RbdTarget place = Place(text).WithDefaults(BlockRbdConfig.Load(session.Host.Configuration));
        using CephCluster cluster = CephCluster.Connect(place.Options, session.Patience.Work);
        using CephPool pool = cluster.OpenPool(place.Pool, place.Namespace);
        List<(string Image, string Lock, AttachLocker Locker)> held = [];
        foreach ((string name, string id) in PoolImages.List(pool))
        {
            session.Patience.Check($"looking at image {name}");
            foreach (AttachLockState state in AttachLock.ReadAll(pool, name, id))
            {
                held.AddRange(state.Lockers.Select(locker => (name, state.Name, locker)));
            }
        }

        if (json)
        {
            WriteJson(output, held);
        }
        else
        {
            WriteTable(output, held);
        }

        return ExitCode.Ok;
    }

    // POOL and POOL/NAMESPACE, with a target's options: as the target of an image there that nobody asks for.
    private static RbdTarget Place(string text)
    {
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        string place = (comma < 0 ? text : text[..comma]).TrimEnd(':', '/');
        return RbdTarget.Parse($"{place}/any{(comma < 0 ? "" : text[comma..])}");
    }

    private static void WriteTable(TextWriter output, List<(string Image, string Lock, AttachLocker Locker)> held)
    {
        Table table = new("IMAGE", "MODE", "DOMAIN", "VDEV", "HOST", "SINCE", "UUID");
        foreach ((string image, string name, AttachLocker locker) in held)
        {
            string shown = name == AttachLock.Name ? image : $"{image}@{name[(AttachLock.Name.Length + 1)..]}";
            if (locker.Holder is { } holder)
            {
                table.Add(shown, holder.IsWriter ? "w" : "r", holder.Domain, holder.Vdev, holder.Host, Stamp.Of(holder.Since.UtcDateTime), holder.Machine.ToString());
            }
            else
            {
                table.Add(shown, "?", locker.Describe(), "", "", "", "");
            }
        }

        table.Write(output);
    }

    private static void WriteJson(TextWriter output, List<(string Image, string Lock, AttachLocker Locker)> held) => JsonOutput.Write(output, json =>
    {
        json.WriteStartArray();
        foreach ((string image, string name, AttachLocker locker) in held)
        {
            json.WriteStartObject();
            json.WriteString("image", image);
            json.WriteString("lock", name);
            json.WriteString("client", $"client.{locker.Client}");
            json.WriteString("address", locker.Address);
            json.WriteString("cookie", locker.Cookie);
            if (locker.Holder is { } holder)
            {
                json.WriteString("mode", holder.IsWriter ? "w" : "r");
                json.WriteString("domain", holder.Domain);
                json.WriteNumber("domain_id", holder.DomainId);
                json.WriteString("uuid", holder.Machine);
                json.WriteString("vdev", holder.Vdev);
                json.WriteString("host", holder.Host);
                json.WriteString("boot_id", holder.BootId);
                json.WriteString("since", Stamp.Of(holder.Since.UtcDateTime));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}

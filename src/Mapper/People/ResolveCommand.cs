using BlockRbd.Ceph.Mappings;
using BlockRbd.Ceph.Targets;
using BlockRbd.Mapper.Attach;

namespace BlockRbd.Mapper.People;

/// <summary>`resolve`: what a target means, and which device it is on this host. Asks no cluster.</summary>
internal static class ResolveCommand
{
    public static ExitCode Run(Session session, string text, bool json, TextWriter output)
    {
        RbdTarget target = RbdTarget.Parse(text).WithDefaults(BlockRbdConfig.Load(session.Host.Configuration));
        MappedImage[] mapped = [.. session.Kernel.List().Where(m => m.FullName == target.Name)];
        if (json)
        {
            JsonOutput.Write(output, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("target", target.Format());
                writer.WriteString("pool", target.Pool);
                writer.WriteString("namespace", target.Namespace);
                writer.WriteString("image", target.Image);
                writer.WriteString("snapshot", target.Snapshot);
                writer.WriteString("user", "client." + (target.Options.Id ?? "admin"));
                writer.WriteBoolean("search_by_name", target.IsSearch);
                writer.WriteStrings("devices", mapped.Select(static m => m.Device));
                writer.WriteEndObject();
            });
            return ExitCode.Ok;
        }

        output.WriteLine(target.Format());
        foreach (MappedImage mapping in mapped)
        {
            output.WriteLine(mapping.Device);
        }

        return ExitCode.Ok;
    }
}

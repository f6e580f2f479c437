using System.Globalization;
using System.Text.Json;
using BlockRbd.Ceph.Targets;

namespace BlockRbd.Mapper.State;

/// <summary>A record as JSON, for this program and for whoever looks into the folder.</summary>
internal static class RecordText
{
    private const int Version = 1;

    /// <summary>The file's bytes.</summary>
    public static byte[] Format(AttachRecord record)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("path", record.Path);
            json.WriteString("boot_id", record.BootId);
            json.WriteString("step", record.Step.ToString());
            json.WriteNumber("domain_id", record.DomainId);
            json.WriteString("domain", record.DomainName);
            json.WriteString("uuid", record.Uuid);
            json.WriteString("vdev", record.VirtualDevice);
            json.WriteString("target", record.Target.Format());
            json.WriteStartObject("client_settings");
            foreach ((string name, string value) in record.Target.Options.ClientSettings)
            {
                // QEMU's spelling may carry the secret itself; mapping refuses it, and no file may have it.
                if (name != "key")
                {
                    json.WriteString(name, value);
                }
            }

            json.WriteEndObject();
            json.WriteString("mode", record.Mode.Spelling());
            json.WriteString("fsid", record.Fsid);
            if (record.PoolId is { } pool)
            {
                json.WriteNumber("pool_id", pool);
            }

            json.WriteString("unfinished_clone", record.UnfinishedClone);
            json.WriteString("image_id", record.ImageId);
            json.WriteString("cookie", record.Cookie);
            json.WriteString("lock", record.LockName);
            json.WriteStartArray("former_clients");
            foreach (string client in record.FormerClients)
            {
                json.WriteStringValue(client);
            }

            json.WriteEndArray();
            json.WriteString("device", record.Device);
            json.WriteNumber("device_id", record.DeviceId);
            json.WriteString("client", record.Client);
            json.WriteNumber("major", record.Major);
            json.WriteNumber("minor", record.Minor);
            json.WriteString("since", Stamp.Of(record.Since));
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Reads it back.</summary>
    /// <exception cref="MapperException">It was not written by this program.</exception>
    public static AttachRecord Parse(string file, byte[] bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 4 });
            return Parse(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw Odd(file, e.Message, e);
        }
    }

    /// <summary>A file that nothing can be taken from: only a person can tell what it stands for.</summary>
    public static MapperException Odd(string file, string problem, Exception? inner = null) => new(
        ExitCode.Failed,
        $"{file}: not a record of an attached disk: {problem} ('block-rbd status' shows what is mapped without one; delete it when nothing of it is left)",
        inner);

    private static AttachRecord Parse(JsonElement root)
    {
        if (root.GetProperty("version").GetInt32() is var version && version != Version)
        {
            throw new FormatException($"version {version}, this program writes {Version}");
        }

        RbdTarget target = RbdTarget.Parse(Text(root, "target"));
        KeyValuePair<string, string>[] settings =
            [.. root.GetProperty("client_settings").EnumerateObject().Select(static p => KeyValuePair.Create(p.Name, p.Value.GetString() ?? ""))];
        return new AttachRecord
        {
            Path = Text(root, "path"),
            BootId = Text(root, "boot_id"),
            Step = Enum.TryParse(Text(root, "step"), out AttachStep step) && Enum.IsDefined(step) ? step : throw new FormatException("unknown step"),
            DomainId = root.GetProperty("domain_id").GetUInt32(),
            DomainName = Text(root, "domain"),
            Uuid = Text(root, "uuid"),
            VirtualDevice = Text(root, "vdev"),
            Target = target with { Options = target.Options with { ClientSettings = settings } },
            Mode = AccessModes.TryParse(Text(root, "mode"), out AccessMode mode) ? mode : throw new FormatException("unknown mode"),
            Fsid = root.GetProperty("fsid").GetGuid(),
            PoolId = root.TryGetProperty("pool_id", out JsonElement pool) ? pool.GetInt64() : null,
            UnfinishedClone = Text(root, "unfinished_clone"),
            ImageId = Text(root, "image_id"),
            Cookie = Text(root, "cookie"),
            LockName = Text(root, "lock"),
            FormerClients = [.. root.GetProperty("former_clients").EnumerateArray().Select(static e => e.GetString() ?? "")],
            Device = Text(root, "device"),
            DeviceId = root.GetProperty("device_id").GetInt32(),
            Client = Text(root, "client"),
            Major = root.GetProperty("major").GetUInt32(),
            Minor = root.GetProperty("minor").GetUInt32(),
            Since = DateTime.Parse(Text(root, "since"), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal),
        };
    }

    private static string Text(JsonElement root, string name) => root.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null");
}

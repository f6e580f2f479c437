using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Targets;

namespace BlockRbd.Ceph.Mappings;

/// <summary>A mapping that is wanted.</summary>
/// <param name="Fsid">The cluster that the image was looked up in.</param>
/// <param name="Image">The image.</param>
/// <param name="Options">How to reach the cluster, and options for the mapping.</param>
/// <param name="ReadOnly">Whether the device must refuse writes.</param>
/// <param name="SizeNow">The image's size, asked again: it may be resized between the lookup and the mapping.</param>
public sealed record MapRequest(Guid Fsid, ImageInfo Image, TargetOptions Options, bool ReadOnly, Func<long> SizeNow)
{
    /// <summary>Who makes the device.</summary>
    public DeviceType Type => Options.DeviceType ?? DeviceType.Krbd;

    /// <summary>Arguments of the rbd program.</summary>
    internal List<string> Arguments()
    {
        List<string> arguments = ["device", "map", "--device-type", Type == DeviceType.Nbd ? "nbd" : "krbd"];
        // noudev: nothing waits for udev, whose links nobody needs. noshare: a client for each mapping, so that fencing one doesn't fence all.
        string[] own = Type == DeviceType.Nbd ? [] : ["noudev", "noshare"];
        string list = string.Join(',', Options.MapOptions is { } extra ? [.. own, extra] : own);
        Add("--options", list.Length == 0 ? null : list);
        if (ReadOnly)
        {
            arguments.Add("--read-only");
        }

        Add("--pool", Image.Pool);
        Add("--namespace", Image.Namespace.Length == 0 ? null : Image.Namespace);
        Add("--image", Image.Name);
        Add("--snap", Image.Snapshot?.Name);
        Add("--id", Options.Id);
        // The very file that this process read, or the program might search in other places.
        Add("--conf", Options.Conf ?? (Options.ClientSettings.Count > 0 ? null : CephCluster.ConfigurationPath(Options)));
        Add("--cluster", Options.Cluster);
        Add("--keyring", Options.Keyring);
        foreach ((string name, string value) in Options.ClientSettings)
        {
            // Everybody on the host can read a process's arguments.
            Add("--" + name, name != "key"
                ? value
                : throw new CephException(CephFault.Configuration, "a key= in the target can't be used for mapping: put it into a keyring"));
        }

        return arguments;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                arguments.Add(name);
                arguments.Add(value);
            }
        }
    }
}

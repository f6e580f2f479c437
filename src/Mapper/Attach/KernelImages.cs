using System.Diagnostics;
using System.Globalization;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Targets;
using BlockRbd.Linux;
using BlockRbd.Mapper.State;

namespace BlockRbd.Mapper.Attach;

/// <summary>The kernel's mapped images, and the command that makes and removes them.</summary>
internal sealed class KernelImages(HostPaths host)
{
    private string Devices => Path.Combine(host.Sys, "bus", "rbd", "devices");

    public IReadOnlyList<MappedImage> List()
    {
        List<MappedImage> all = [];
        if (Directory.Exists(Devices))
        {
            foreach (string folder in Directory.EnumerateDirectories(Devices))
            {
                if (TryRead(folder, "") is { } mapping)
                {
                    all.Add(mapping);
                }
            }
        }

        return all;
    }

    public bool IsMapped(AttachRecord record) => List().Any(m => m.Id == record.DeviceId && m.Client == record.Client);

    public MappedImage Map(RbdTarget target, ImageInfo image, AttachRecord record, bool readOnly, Patience patience)
    {
        TargetOptions o = target.Options;
        List<string> arguments = ["device", "map", target.Name, "--options", "noudev,noshare" + (readOnly ? ",ro" : "")];
        AddAccess(arguments, o);
        (int code, string output, string error) = Run(arguments, patience.Work);
        if (code != 0)
        {
            throw new MapperException(ExitCode.Failed, $"rbd device map {target.Name}: {error.Trim().Split('\n')[^1]}");
        }

        string device = output.Trim();
        int id = int.Parse(device[(device.LastIndexOf("rbd", StringComparison.Ordinal) + 3)..], CultureInfo.InvariantCulture);
        MappedImage mapping = TryRead(Path.Combine(Devices, $"{id}"), device)
            ?? throw new MapperException(ExitCode.Failed, $"{device} is not in {Devices}");
        if (!mapping.IsOf(record) || mapping.Size != image.Size || mapping.IsReadOnly != readOnly)
        {
            throw new MapperException(ExitCode.Failed, $"{device} is not what was asked for: {mapping}");
        }

        return mapping;
    }

    public void Unmap(MappedImage mapping, RbdTarget target, Deadline deadline)
    {
        while (true)
        {
            List<string> arguments = ["device", "unmap", mapping.Device];
            (int code, _, string error) = Run(arguments, deadline);
            if (code == 0 || !List().Any(m => m.Id == mapping.Id && m.Client == mapping.Client))
            {
                return;
            }

            if (code != 16 || deadline.IsOver)
            {
                throw new MapperException(ExitCode.Left, $"rbd device unmap {mapping.Device}: {error.Trim().Split('\n')[^1]}");
            }

            deadline.Sleep(TimeSpan.FromMilliseconds(200));
        }
    }

    private static void AddAccess(List<string> arguments, TargetOptions o)
    {
        if (o.Conf is not null)
        {
            arguments.AddRange(["--conf", o.Conf]);
        }

        if (o.Id is not null)
        {
            arguments.AddRange(["--id", o.Id]);
        }

        if (o.Keyring is not null)
        {
            arguments.AddRange(["--keyring", o.Keyring]);
        }
    }

    private (int Code, string Output, string Error) Run(List<string> arguments, Deadline deadline)
    {
        ProcessStartInfo start = new(host.RbdCommand, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(deadline.Milliseconds))
        {
            process.Kill();
            throw new MapperException(ExitCode.Timeout, $"rbd {arguments[0]} {arguments[1]} {arguments[2]} did not end in time");
        }

        return (process.ExitCode, output.Result, error.Result);
    }

    private MappedImage? TryRead(string folder, string device)
    {
        try
        {
            string Field(string name) => File.ReadAllText(Path.Combine(folder, name)).Trim();
            int id = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
            return new MappedImage
            {
                Id = id,
                Device = device.Length > 0 ? device : host.Sys == "/sys" ? $"/dev/rbd{id}" : Path.Combine(Path.GetDirectoryName(host.Sys)!, "dev", $"rbd{id}"),
                Client = Field("client_id"),
                Fsid = Guid.Parse(Field("cluster_fsid")),
                Pool = Field("pool"),
                Namespace = Field("pool_ns"),
                Name = Field("name"),
                ImageId = Field("image_id"),
                Snapshot = Field("current_snap") is "-" ? "" : Field("current_snap"),
                Size = long.Parse(Field("size"), CultureInfo.InvariantCulture),
                Major = uint.Parse(Field("major"), CultureInfo.InvariantCulture),
                Minor = uint.Parse(Field("minor"), CultureInfo.InvariantCulture),
                IsReadOnly = File.ReadAllText(Path.Combine(host.Sys, "block", $"rbd{id}", "ro")).Trim() == "1",
            };
        }
        catch (IOException)
        {
            return null;
        }
    }
}

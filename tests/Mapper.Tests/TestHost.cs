using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>A Xen host as far as the program can tell: its own xenstore, state folder, kernel (the stand-in) and name, and the one cluster.</summary>
internal sealed class TestHost : IDisposable
{
    private static int _lastHost;
    private static int _lastImage;

    private readonly string _folder = Directory.CreateTempSubdirectory("xenhost-").FullName;
    private uint _lastDomain;

    /// <param name="name">Its name; one that no other has by default.</param>
    /// <param name="domainUuid">What /sys/hypervisor/uuid says; nothing by default.</param>
    public TestHost(string? name = null, Guid? domainUuid = null)
    {
        Name = name ?? $"host{Interlocked.Increment(ref _lastHost)}";
        if (domainUuid is { } uuid)
        {
            Directory.CreateDirectory(Path.Combine(Kernel, "sys", "hypervisor"));
            File.WriteAllText(Path.Combine(Kernel, "sys", "hypervisor", "uuid"), $"{uuid}\n");
        }

        // What Linux 6.1 with the module says: all but journaling and what belongs to mirroring and migration.
        Directory.CreateDirectory(Path.Combine(Kernel, "sys", "bus", "rbd", "devices"));
        File.WriteAllText(Path.Combine(Kernel, "sys", "bus", "rbd", "supported_features"), "0x1bf\n");
    }

    public string Name { get; }

    public XenStored Store { get; } = new();

    /// <summary>Changes when the host "boots".</summary>
    public string BootId { get; private set; } = Guid.NewGuid().ToString();

    /// <summary>The stand-in's folder.</summary>
    public string Kernel => Path.Combine(_folder, "kernel");

    public string Run => Path.Combine(_folder, "run");

    /// <summary>The command that maps: the stand-in, unless a test has another one.</summary>
    public string RbdCommand { get; set; } = Repo.Below("fixtures", "standin", "rbd");

    public string Configuration => Path.Combine(_folder, "block-rbd.conf");

    /// <summary>A new image of the cluster.</summary>
    public static string NewImage(string size = "8M", string options = "")
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"img{Interlocked.Increment(ref _lastImage)}");
        CephLab.Run($"rbd create --size {size} {options} rbd/{name}");
        return name;
    }

    /// <summary>A disk of a new domain of its own, in xenstore as libxl leaves it before the script runs.</summary>
    public Disk NewDisk(string target, string mode = "w", string? name = null, Guid? uuid = null)
    {
        uint domain = Interlocked.Increment(ref _lastDomain);
        return Write(new Disk { DomainId = domain, Target = target, Mode = mode, Name = name ?? $"vm{domain}-{Name}", Uuid = uuid ?? Guid.NewGuid() });
    }

    /// <summary>Puts a disk into xenstore.</summary>
    public Disk Write(Disk disk)
    {
        Store.Write(disk.Nodes);
        return disk;
    }

    public ToolResult Add(Disk disk, string? killAt = null) => Script("add", disk, killAt);

    public ToolResult Remove(Disk disk, string? killAt = null) => Script("remove", disk, killAt);

    /// <summary>The script, left running; its output is the test's own.</summary>
    public Process Start(string word, Disk disk)
    {
        ProcessStartInfo start = new(BlockRbdProgram.Path, [word]);
        foreach ((string name, string value) in Environment(null))
        {
            start.Environment[name] = value;
        }

        start.Environment["XENBUS_PATH"] = disk.Path;
        return Process.Start(start)!;
    }

    /// <summary>An add that must succeed; the device's path.</summary>
    public string MustAdd(Disk disk)
    {
        ToolResult result = Add(disk);
        Assert.True(result.ExitCode == 0, $"add ended with {result.ExitCode}: {result.Error}");
        return Node(disk, "physical-device-path")!;
    }

    public void MustRemove(Disk disk)
    {
        ToolResult result = Remove(disk);
        Assert.True(result.ExitCode == 0, $"remove ended with {result.ExitCode}: {result.Error}");
    }

    /// <summary>Gives the next remove of a disk that was attached with a timeout= another one: however loaded the machine is, its add had enough.</summary>
    public void SetTimeout(Disk disk, int seconds)
    {
        string file = Path.Combine(Run, disk.Path.Replace('/', '-') + ".json");
        string text = File.ReadAllText(file);
        string changed = Regex.Replace(text, "timeout=[0-9]+", $"timeout={seconds}");
        Assert.NotEqual(text, changed);
        File.WriteAllText(file, changed);
    }

    /// <summary>An add that must be refused with this code; the reason, which xenstore must have as well.</summary>
    public string MustRefuse(Disk disk, int code)
    {
        ToolResult result = Add(disk);
        Assert.True(result.ExitCode == code, $"add ended with {result.ExitCode}, not {code}: {result.Error}");
        Assert.Equal("error", Node(disk, "hotplug-status"));
        Assert.Null(Node(disk, "physical-device"));
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        return Node(disk, "hotplug-error")!;
    }

    /// <summary>A node of the disk's folder.</summary>
    public string? Node(Disk disk, string name) => Store.Read($"{disk.Folder}/{name}");

    /// <summary>The program with any words.</summary>
    public ToolResult Program(params string[] arguments) => Program(arguments, null, null);

    /// <summary>After this all that the host's memory held is gone: mappings and /run, unless that is kept.</summary>
    public void Boot(bool keepRun = false)
    {
        foreach (string device in MappedDevices())
        {
            StandIn("device", "unmap", "/dev/" + Path.GetFileName(device));
        }

        BootId = Guid.NewGuid().ToString();
        Store.Stop();
        Store.Start();
        if (!keepRun && Directory.Exists(Run))
        {
            Directory.Delete(Run, recursive: true);
        }
    }

    public string[] MappedDevices() => Directory.Exists(Path.Combine(Kernel, "dev")) ? Directory.GetFiles(Path.Combine(Kernel, "dev")) : [];

    public string[] Records() => Directory.Exists(Run) ? [.. Directory.GetFiles(Run).Select(static f => Path.GetFileName(f))] : [];

    /// <summary>The stand-in itself, as an administrator would use rbd.</summary>
    public string StandIn(params string[] arguments)
    {
        ToolResult result = Tool.Run(Repo.Below("fixtures", "standin", "rbd"), arguments, TimeSpan.FromMinutes(2), Environment(null));
        return result.ExitCode == 0 ? result.Text.Trim().Replace("/dev/", Path.Combine(Kernel, "dev") + "/", StringComparison.Ordinal) : throw new InvalidOperationException($"rbd {string.Join(' ', arguments)}: {result.Error}");
    }

    /// <summary>Tells the stand-in to misbehave; an empty text ends that.</summary>
    public void Misbehave(string how, string text = "")
    {
        string file = Path.Combine(Kernel, how);
        if (text.Length > 0)
        {
            File.WriteAllText(file, text + "\n");
        }
        else
        {
            File.Delete(file);
        }
    }

    /// <summary>Has the stand-in wait "before" it makes a device, "after" that and before it says so, or before it begins to "serve" an nbd device.</summary>
    public Gate HoldMapping(string where) => new(Path.Combine(Kernel, "map-" + where));

    /// <summary>No device, no record, no child, and none of this host's locks on these images.</summary>
    public void AssertNothingLeft(params string[] images)
    {
        Assert.Empty(MappedDevices());
        Assert.Empty(Records());
        Assert.Empty(Directory.Exists(Path.Combine(Kernel, "export")) ? Directory.GetFiles(Path.Combine(Kernel, "export")) : []);
        foreach (string image in images)
        {
            Assert.Empty(Lockers(image));
        }
    }

    /// <summary>An image's id, which the names of its objects have in them.</summary>
    public static string ImageId(string image) => CephLab.Run($"rbd info --format json rbd/{image}").Split("\"id\":\"")[1].Split('"')[0];

    /// <summary>The descriptions of whoever holds the image's attach lock, from the real rados command.</summary>
    public static string[] Lockers(string image)
    {
        ToolResult result = CephLab.TryRun($"rados -p rbd lock info rbd_header.{ImageId(image)} xen.attach");
        return result.ExitCode != 0 ? [] : [.. result.Text.Split("\"description\":\"").Skip(1).Select(static t => t.Split('"')[0])];
    }

    public void Dispose()
    {
        foreach (string device in MappedDevices())
        {
            Tool.Run(Repo.Below("fixtures", "standin", "rbd"), ["device", "unmap", "/dev/" + Path.GetFileName(device)], TimeSpan.FromMinutes(1), Environment(null));
        }

        Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What the program is started with.</summary>
    public Dictionary<string, string> Environment(string? killAt)
    {
        Dictionary<string, string> environment = new(CephLab.Environment)
        {
            ["XENSTORED_PATH"] = Store.Socket,
            ["BLOCK_RBD_RUN"] = Run,
            ["BLOCK_RBD_CONF"] = Configuration,
            ["BLOCK_RBD_SYS"] = Path.Combine(Kernel, "sys"),
            ["BLOCK_RBD_DEV"] = Path.Combine(Kernel, "dev"),
            ["BLOCK_RBD_SYSLOG"] = Path.Combine(_folder, "log"),
            ["BLOCK_RBD_RBD"] = RbdCommand,
            ["BLOCK_RBD_HOST"] = Name,
            ["BLOCK_RBD_BOOT_ID"] = BootId,
            ["BLOCK_RBD_STANDIN"] = Kernel,
            ["REAL_RBD"] = CephLab.Program("rbd"),
        };
        if (killAt is not null)
        {
            environment["BLOCK_RBD_KILL_AT"] = killAt;
        }

        return environment;
    }

    /// <summary>The program with any words, an XENBUS_PATH, and more in its environment.</summary>
    public ToolResult Program(string[] arguments, Disk? disk, string? killAt)
    {
        Dictionary<string, string> environment = Environment(killAt);
        if (disk is not null)
        {
            environment["XENBUS_PATH"] = disk.Path;
        }

        return Tool.Run(BlockRbdProgram.Path, arguments, TimeSpan.FromMinutes(3), environment);
    }

    private ToolResult Script(string word, Disk disk, string? killAt) => Program([word], disk, killAt);
}

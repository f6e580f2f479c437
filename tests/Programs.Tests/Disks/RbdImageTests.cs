using BlockRbd.BootExtract;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>A guest's disk in a real cluster: what is said of it and handed over is what the same disk gives as a file.</summary>
public sealed class RbdImageTests : IDisposable
{
    private static readonly Lazy<string> Imported = new(static () =>
    {
        CephLab.Run($"rbd import --no-progress {PygrubRbd.Disk("msdos")} rbd/guest");
        CephLab.Run("rbd snap create rbd/guest@s");
        return CephLab.Run("rbd info --format json rbd/guest").Split("\"id\":\"")[1].Split('"')[0];
    });

    private readonly ScratchFolder _scratch = new();
    private readonly string _imageId = Imported.Value;

    /// <summary>The devices of a stand-in's kernel: those that a test puts there.</summary>
    private string Devices => _scratch["kernel/sys/bus/rbd/devices"];

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("rbd:guest")]
    [InlineData("rbd/guest,id=xen")]
    [InlineData("rbd/guest@s,id=reader")]
    [InlineData("QEMU")]
    public void The_list_and_the_answer_are_the_files(string image)
    {
        image = image == "QEMU" ? $"rbd:rbd/guest:id=reader:conf={CephLab.Conf.Replace(":", "\\:", StringComparison.Ordinal)}" : image;
        Assert.Equal(PygrubRbd.Run("-l", PygrubRbd.Disk("msdos")).Text, Checked(Run("-l", image)));

        Dictionary<string, string> answer = PygrubRbd.Answer(Run("-q", "--output-format=simple0", $"--output-directory={_scratch["out"]}", image));
        Dictionary<string, string> expected = PygrubRbd.Answer(
            PygrubRbd.Run("-q", "--output-format=simple0", $"--output-directory={_scratch["out"]}", PygrubRbd.Disk("msdos")));
        Assert.Equal(expected["args"], answer["args"]);
        Assert.Equal(File.ReadAllBytes(expected["kernel"]), File.ReadAllBytes(answer["kernel"]));
        Assert.Equal(File.ReadAllBytes(expected["ramdisk"]), File.ReadAllBytes(answer["ramdisk"]));
        Assert.Equal("Watchers: none\n", CephLab.Run("rbd status rbd/guest"));
    }

    [Theory]
    [InlineData("rbd/nosuch", "image rbd/nosuch does not exist")]
    [InlineData("nosuch:guest", "pool nosuch does not exist")]
    [InlineData("rbd/guest@nosuch", "no snapshot nosuch")]
    [InlineData("rbd/guest,id=nobody", "the monitors refuse client.nobody")]
    [InlineData("rbd/guest,keyring=/nonexistent", "there is no keyring for client.admin")]
    [InlineData("rbd/guest,id=nocaps", "client.nocaps may not do this")]
    [InlineData("rbd/guest,conf=/nonexistent", "/nonexistent is not there")]
    public void What_is_not_there_or_not_allowed_is_said(string image, string message)
    {
        ToolResult result = Run("-l", image);
        Assert.Equal((int)ExitCode.InputError, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.StartsWith("RuntimeError: ", result.Error);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_wrong_key_is_said()
    {
        // A key that is one, but not this user's.
        File.WriteAllText(_scratch["keyring"], "[client.xen]\n\tkey = AQCPAAAAAAAAABAAqqqqqqqqqqqqqqqqqqqqqg==\n");
        ToolResult result = Run("-l", $"rbd/guest,id=xen,keyring={_scratch["keyring"]}");
        Assert.Equal((int)ExitCode.InputError, result.ExitCode);
        Assert.Contains("the monitors refuse client.xen", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_that_does_not_answer_is_given_up_in_time()
    {
        // TEST-NET-1 of RFC 5737: nobody is there.
        File.WriteAllText(_scratch["ceph.conf"], $"[global]\nmon host = 192.0.2.1\nkeyring = {CephLab.Folder}/keyring\n");
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        ToolResult result = Run("-l", $"rbd/guest,timeout=3,conf={_scratch["ceph.conf"]}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        Assert.Equal((int)ExitCode.InputError, result.ExitCode);
        Assert.Contains("no monitor answered in time", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_ceph_s_libraries_that_is_said()
    {
        // The machine that runs the tests has Ceph unpacked, not installed: without the path to it there is none.
        Assert.SkipWhen(File.Exists("/usr/lib/x86_64-linux-gnu/librados.so.2"), "Ceph's libraries are installed on this machine");
        ToolResult result = PygrubRbd.Run("-l", "rbd/guest");
        Assert.Equal((int)ExitCode.InputError, result.ExitCode);
        Assert.Contains("librados.so.2 can't be loaded: install", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapped_image_is_read_through_its_device_also_when_it_was_renamed()
    {
        NeedsRoot();
        using LoopDevice loop = new(PygrubRbd.Disk("gpt")); // another disk, so that it can be told which was read
        Map(7, loop.Path, _imageId, "another-name", Fsid);
        Assert.Equal(PygrubRbd.Run("-l", PygrubRbd.Disk("gpt")).Text, Checked(Run("-l", "rbd/guest")));
        Assert.Equal(PygrubRbd.Run("-l", PygrubRbd.Disk("gpt")).Text, Checked(Run("-l", "--runas=65534", "rbd/guest")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_device_of_the_same_name_from_another_cluster_or_of_another_image_is_not_taken(bool otherCluster)
    {
        NeedsRoot();
        using LoopDevice loop = new(PygrubRbd.Disk("gpt"));
        Map(7, loop.Path, otherCluster ? _imageId : "0123456789ab", "guest", otherCluster ? Guid.NewGuid().ToString() : Fsid);
        Assert.Equal(PygrubRbd.Run("-l", PygrubRbd.Disk("msdos")).Text, Checked(Run("-l", "rbd/guest")));
    }

    [Fact]
    public void Without_a_key_the_device_of_that_cluster_is_taken_and_that_is_said()
    {
        NeedsRoot();
        using LoopDevice loop = new(PygrubRbd.Disk("gpt"));
        Map(7, loop.Path, _imageId, "guest", Fsid);
        ToolResult result = Run("-l", "rbd/guest,id=nobody");
        Assert.Equal((0, PygrubRbd.Run("-l", PygrubRbd.Disk("gpt")).Text), (result.ExitCode, result.Text));
        Assert.Contains("because the cluster can't be asked: the monitors refuse client.nobody", result.Error, StringComparison.Ordinal);
        Directory.Delete(Devices, recursive: true);
        Map(7, loop.Path, _imageId, "guest", Guid.NewGuid().ToString());
        Assert.Equal((int)ExitCode.InputError, Run("-l", "rbd/guest,id=nobody").ExitCode);
    }

    [Fact]
    public void Without_any_configuration_the_link_of_the_name_is_the_last_resort_and_that_is_said()
    {
        NeedsRoot();
        using LoopDevice loop = new(PygrubRbd.Disk("gpt"));
        Link("rbd/rbd/guest", loop.Path);
        Link("rbd/rbd/guest@s", loop.Path);
        foreach (string image in (string[])["rbd/guest", "rbd:guest@s"])
        {
            ToolResult result = RunWithoutConfiguration("-l", image);
            Assert.Equal((0, PygrubRbd.Run("-l", PygrubRbd.Disk("gpt")).Text), (result.ExitCode, result.Text));
            Assert.Matches($@"taking \S+/kernel/dev/rbd/rbd/guest\S*, which has the image's name, because the cluster can't be asked: ", result.Error);
        }

        // The link knows no clusters: who names one doesn't mean it.
        Assert.Equal((int)ExitCode.InputError, RunWithoutConfiguration("-l", "rbd/guest,cluster=other").ExitCode);
        Assert.Equal((int)ExitCode.InputError, RunWithoutConfiguration("-l", $"rbd/guest,conf={_scratch["none"]}").ExitCode);
        Assert.Equal((int)ExitCode.InputError, RunWithoutConfiguration("-l", "rbd/other").ExitCode);
    }

    [Fact]
    public void The_link_is_not_taken_where_the_cluster_says_what_the_image_is()
    {
        NeedsRoot();
        using LoopDevice loop = new(PygrubRbd.Disk("gpt"));
        Link("rbd/rbd/guest", loop.Path);
        Link("rbd/rbd/nosuch", loop.Path);
        Assert.Equal(PygrubRbd.Run("-l", PygrubRbd.Disk("msdos")).Text, Checked(Run("-l", "rbd/guest")));
        Assert.Equal((int)ExitCode.InputError, Run("-l", "rbd/nosuch").ExitCode);
        Assert.Equal((int)ExitCode.InputError, Run("-l", "rbd/guest,id=nobody").ExitCode); // it is certain which cluster is meant, and nothing of it is mapped
    }

    [Theory]
    [InlineData("-l")]
    [InlineData("-q -n")]
    public void Another_user_is_served_an_image_that_is_not_mapped(string options)
    {
        NeedsRoot();
        string[] words = options.Split(' ');
        Assert.Equal(PygrubRbd.Run([.. words, PygrubRbd.Disk("msdos")]).Text, Checked(Run([.. words, "--runas=65534", "--require-confinement", "rbd/guest"])));
    }

    private static string Fsid => CephLab.Run("ceph fsid").Trim();

    private static void NeedsRoot() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "loop devices and --runas need root");

    private static string Checked(ToolResult result) => result.ExitCode == 0 ? result.Text : throw new InvalidOperationException(result.Error);

    /// <summary>What sysfs shows of a mapped image (Documentation/ABI/testing/sysfs-bus-rbd), and its device.</summary>
    private void Map(int number, string device, string imageId, string name, string fsid)
    {
        string folder = Path.Combine(Devices, $"{number}");
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(_scratch["kernel/dev"]);
        (string Field, string Value)[] fields =
        [
            ("major", "7"), ("minor", "0"), ("size", "8388608"), ("pool", "rbd"), ("pool_ns", ""), ("name", name), ("current_snap", "-"),
            ("image_id", imageId), ("cluster_fsid", fsid), ("client_id", "client4711"),
        ];
        foreach ((string field, string value) in fields)
        {
            File.WriteAllText(Path.Combine(folder, field), value + "\n");
        }

        string link = Path.Combine(_scratch["kernel/dev"], $"rbd{number}");
        File.Delete(link);
        File.CreateSymbolicLink(link, device);
    }

    /// <summary>A link as ceph-common's udev rules make it.</summary>
    private void Link(string name, string device)
    {
        string link = Path.Combine(_scratch["kernel/dev"], name);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, device);
    }

    private ToolResult Run(params string[] arguments)
    {
        Directory.CreateDirectory(_scratch["out"]);
        return PygrubRbd.Run(Places(), arguments);
    }

    private ToolResult RunWithoutConfiguration(params string[] arguments)
    {
        Dictionary<string, string> environment = Places();
        environment["CEPH_CONF"] = _scratch["none"];
        return PygrubRbd.Run(environment, arguments);
    }

    private Dictionary<string, string> Places() => new(CephLab.Environment)
    {
        ["BLOCK_RBD_SYS"] = _scratch["kernel/sys"],
        ["BLOCK_RBD_DEV"] = _scratch["kernel/dev"],
        ["BLOCK_RBD_CONF"] = _scratch["none"],
    };
}

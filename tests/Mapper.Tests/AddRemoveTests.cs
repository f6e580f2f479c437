using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>One disk on one host: the real program, a real cluster, a real xenstored.</summary>
public sealed class AddRemoveTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly string _image = TestHost.NewImage();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Add_tells_libxl_the_device_and_remove_leaves_nothing()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        string before = _host.Store.Tool("xenstore-ls", [disk.Folder]);

        string device = _host.MustAdd(disk);
        Assert.Equal([device], _host.MappedDevices());
        Assert.Equal(device, _host.Node(disk, "node"));
        string[] numbers = Tool.Check("/usr/bin/stat", "--format=%t:%T", device).Text.Trim().Split(':'); // stat prints them in hexadecimal too
        Assert.Equal(string.Join(':', numbers), _host.Node(disk, "physical-device"));
        Assert.Equal("connected", _host.Node(disk, "hotplug-status"));
        string locker = Assert.Single(TestHost.Lockers(_image));
        Assert.Contains(disk.Name, locker, StringComparison.Ordinal);
        Assert.Contains(disk.Uuid.ToString(), locker, StringComparison.Ordinal);

        _host.MustRemove(disk);
        _host.AssertNothingLeft(_image);
        Assert.Equal(before, _host.Store.Tool("xenstore-ls", [disk.Folder]));
    }

    [Fact]
    public void What_is_written_to_the_device_is_in_the_image()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        string device = _host.MustAdd(disk);
        Tool.Check("/bin/sh", "-c", $"printf 'written by the guest' | dd of={device} conv=fsync,notrunc status=none");
        _host.MustRemove(disk);
        Assert.StartsWith("written by the guest", CephLab.Run($"rbd export rbd/{_image} -"), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_again_is_the_same_attach()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        string device = _host.MustAdd(disk);
        Assert.Equal(device, _host.MustAdd(disk));
        Assert.Single(_host.MappedDevices());
        Assert.Single(TestHost.Lockers(_image));
        _host.MustRemove(disk);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void Remove_of_what_was_never_added_and_twice_in_a_row_is_no_error()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        _host.MustRemove(disk);
        _host.MustAdd(disk);
        _host.MustRemove(disk);
        _host.MustRemove(disk);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void Remove_works_when_the_folder_in_xenstore_is_gone()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        _host.MustAdd(disk);
        _host.Store.Tool("xenstore-rm", [disk.Folder]);
        _host.MustRemove(disk);
        _host.AssertNothingLeft(_image);
        Assert.Null(_host.Store.Read(disk.Folder)); // and nothing makes it anew
    }

    [Fact]
    public void An_absolute_XENBUS_PATH_is_the_same_disk()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        _host.MustAdd(disk);
        Dictionary<string, string> environment = _host.Environment(null);
        environment["XENBUS_PATH"] = disk.Folder;
        Assert.Equal(0, Tool.Run(BlockRbdProgram.Path, ["remove"], TimeSpan.FromMinutes(1), environment).ExitCode);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_disk_for_reading_is_mapped_read_only()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}", "r");
        string device = _host.MustAdd(disk);
        Assert.Equal("1", Tool.Check("/sbin/blockdev", "--getro", device).Text.Trim());
        _host.MustRemove(disk);
    }

    [Fact]
    public void A_target_may_narrow_w_to_r_and_not_widen_r_to_w()
    {
        string device = _host.MustAdd(_host.NewDisk($"rbd:{_image},access=r"));
        Assert.Equal("1", Tool.Check("/sbin/blockdev", "--getro", device).Text.Trim());
        Assert.Contains("can't widen", _host.MustRefuse(_host.NewDisk($"rbd:{_image},access=w", "r"), 1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_is_read_only_and_w_is_refused()
    {
        CephLab.Run($"rbd snap create rbd/{_image}@s1");
        Assert.Contains("read-only", _host.MustRefuse(_host.NewDisk($"rbd:{_image}@s1"), 1), StringComparison.Ordinal);
        Disk disk = _host.NewDisk($"rbd:{_image}@s1", "r");
        string device = _host.MustAdd(disk);
        Assert.Equal("1", Tool.Check("/sbin/blockdev", "--getro", device).Text.Trim());
        _host.MustRemove(disk);
        _host.AssertNothingLeft(_image);
        CephLab.Run($"rbd snap purge rbd/{_image}");
    }

    [Fact]
    public void An_image_in_a_namespace_is_another_one()
    {
        CephLab.Run($"rbd namespace create rbd/ns-{_image}");
        CephLab.Run($"rbd create --size 4M rbd/ns-{_image}/{_image}");
        Disk disk = _host.NewDisk($"rbd/ns-{_image}/{_image}");
        string device = _host.MustAdd(disk);
        Assert.Equal($"{4 << 20}", Tool.Check("/sbin/blockdev", "--getsize64", device).Text.Trim());
        _host.MustRemove(disk);
        _host.AssertNothingLeft(_image);
    }

    [Theory]
    [InlineData("rbd:nosuch", 2, "image rbd/nosuch does not exist")]
    [InlineData("nosuch:img", 2, "pool nosuch does not exist")]
    [InlineData("rbd/nons/img", 2, "nons")]
    [InlineData("rbd:img@", 1, "the snapshot is empty")]
    [InlineData("rbd:img,colour=red", 1, "unknown option 'colour'")]
    [InlineData("rbd:im g", 1, "odd character")]
    [InlineData("img", 1, "no pool")]
    [InlineData("rbd:img,map-options=frobnicate", 1, "frobnicate")]
    [InlineData("rbd:img,id=nobody", 5, "client.nobody")]
    [InlineData("rbd:img,conf=/nonexistent", 1, "/nonexistent")]
    public void A_target_that_can_not_be_is_refused_with_its_reason(string target, int code, string reason)
    {
        Assert.Contains(reason, _host.MustRefuse(_host.NewDisk(target), code), StringComparison.Ordinal);
        _host.AssertNothingLeft();
    }

    [Fact]
    public void A_name_is_not_found_by_a_part_of_it_or_as_a_pattern()
    {
        CephLab.Run($"rbd create --size 4M rbd/part-{_image}-data");
        Assert.Contains("does not exist", _host.MustRefuse(_host.NewDisk($"rbd:part-{_image}"), 2), StringComparison.Ordinal);
        Assert.Contains("does not exist", _host.MustRefuse(_host.NewDisk($"rbd:part.{_image}.data"), 2), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_XENBUS_PATH_or_with_more_words_it_says_how_it_is_run()
    {
        ToolResult result = _host.Program("add");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("XENBUS_PATH", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, _host.Program(["add", "x"], _host.NewDisk("rbd:x"), null).ExitCode);
    }

    [Fact]
    public void A_search_by_name_takes_the_image_of_domain_and_vdev()
    {
        string name = "web" + _image;
        CephLab.Run($"rbd create --size 4M rbd/{name}-xvda");
        Disk disk = _host.NewDisk("rbd:", name: name);
        _host.MustAdd(disk);
        Assert.Single(TestHost.Lockers($"{name}-xvda"));
        _host.MustRemove(disk);
    }

    [Fact]
    public void A_search_by_name_takes_the_bare_name_for_the_first_disk_only()
    {
        string name = "db" + _image;
        CephLab.Run($"rbd create --size 4M rbd/{name}");
        Disk first = _host.NewDisk("rbd:", name: name);
        _host.MustAdd(first);
        Assert.Single(TestHost.Lockers(name));
        Disk second = _host.Write(first with { DeviceId = 51728, VirtualDevice = "xvdb" });
        Assert.Contains($"no image rbd/{name}-xvdb", _host.MustRefuse(second, 2), StringComparison.Ordinal);
        _host.MustRemove(first);
    }

    [Fact]
    public void A_search_by_name_that_could_mean_two_images_is_refused()
    {
        string name = "two" + _image;
        CephLab.Run($"rbd create --size 4M rbd/{name}");
        CephLab.Run($"rbd create --size 4M rbd/{name}-xvda");
        Assert.Contains($"both rbd/{name}-xvda and rbd/{name} exist", _host.MustRefuse(_host.NewDisk("rbd:", name: name), 1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_by_name_can_be_switched_off()
    {
        File.WriteAllText(_host.Configuration, "search-by-name = no\n");
        Assert.Contains("search-by-name is off", _host.MustRefuse(_host.NewDisk("rbd:"), 1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bootloaders_attach_to_domain_0_is_undone_as_a_whole()
    {
        Disk disk = _host.Write(new Disk { DomainId = 0, Target = $"rbd:{_image}", Name = "Domain-0", Uuid = Guid.Empty });
        _host.MustAdd(disk);
        Disk guest = _host.NewDisk($"rbd:{_image}");
        Assert.Contains("Domain-0", _host.MustRefuse(guest, 3), StringComparison.Ordinal);
        _host.MustRemove(disk);
        _host.MustAdd(guest);
        _host.MustRemove(guest);
        _host.AssertNothingLeft(_image);
    }
}

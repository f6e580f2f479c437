using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>Two hosts, one cluster: who may have an image beside whom.</summary>
public sealed class ExclusionTests : IDisposable
{
    private readonly TestHost _a = new();
    private readonly TestHost _b = new();
    private readonly string _image = TestHost.NewImage();

    private string Target => $"rbd:{_image}";

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    [Theory]
    [InlineData("w", "w")]
    [InlineData("w", "r")]
    [InlineData("r", "w")]
    public void Writing_and_anything_else_on_two_hosts_is_refused_and_names_the_holder(string first, string second)
    {
        Disk holder = _a.NewDisk(Target, first);
        _a.MustAdd(holder);
        string reason = _b.MustRefuse(_b.NewDisk(Target, second), 3);
        Assert.Contains(holder.Name, reason, StringComparison.Ordinal);
        Assert.Contains(_a.Name, reason, StringComparison.Ordinal);
        Assert.Contains("xvda", reason, StringComparison.Ordinal);
        Assert.Single(TestHost.Lockers(_image));
        _b.AssertNothingLeft();
        _a.MustRemove(holder);
        _b.MustAdd(_b.NewDisk(Target, second));
    }

    [Fact]
    public void Readers_share()
    {
        Disk[] disks = [_a.NewDisk(Target, "r"), _a.NewDisk(Target, "r")];
        Disk other = _b.NewDisk(Target, "r");
        Array.ForEach(disks, d => _a.MustAdd(d));
        _b.MustAdd(other);
        Assert.Equal(3, TestHost.Lockers(_image).Length);
        _a.MustRemove(disks[0]);
        Assert.Single(_a.MappedDevices()); // each remove lets go of its own mapping
        Assert.Equal("connected", _a.Node(disks[1], "hotplug-status"));
        _a.MustRemove(disks[1]);
        _b.MustRemove(other);
        _a.AssertNothingLeft(_image);
        _b.AssertNothingLeft();
    }

    [Fact]
    public void The_same_image_twice_in_one_machine_is_refused_for_writing_and_allowed_for_reading()
    {
        Disk first = _a.NewDisk(Target);
        Disk second = _a.Write(first with { DeviceId = 51728, VirtualDevice = "xvdb" });
        _a.MustAdd(first);
        _a.MustRefuse(second, 3);
        _a.MustRemove(first);
        first = _a.Write(first with { Mode = "r" });
        second = _a.Write(second with { Mode = "r" });
        _a.MustAdd(first);
        _a.MustAdd(second);
        Assert.Equal(2, _a.MappedDevices().Length);
    }

    [Fact]
    public void The_unchecked_modes_are_not_refused_and_hold_no_lock()
    {
        _a.MustAdd(_a.NewDisk(Target));
        _b.MustAdd(_b.NewDisk(Target + ",access=w!"));
        _b.MustAdd(_b.NewDisk(Target + ",access=r!", "r"));
        Assert.Single(TestHost.Lockers(_image));
    }

    [Fact]
    public void A_live_migration_shares_for_as_long_as_it_takes_both_ways()
    {
        Guid uuid = Guid.NewGuid();
        Disk source = _a.NewDisk(Target, name: "vm", uuid: uuid);
        _a.MustAdd(source);
        Disk incoming = _b.NewDisk(Target, name: "vm--incoming", uuid: uuid);
        _b.MustAdd(incoming);
        _a.MustRemove(source);
        _b.Store.Write(($"/local/domain/{incoming.DomainId}/name", "vm"));

        Disk back = _a.NewDisk(Target, name: "vm--incoming", uuid: uuid);
        _a.MustAdd(back);
        _b.MustRemove(incoming);
        _a.MustRemove(back);
        _a.AssertNothingLeft(_image);
        _b.AssertNothingLeft();
    }

    [Fact]
    public void The_same_uuid_on_two_hosts_without_a_migration_is_refused()
    {
        Guid uuid = Guid.NewGuid();
        _a.MustAdd(_a.NewDisk(Target, name: "vm", uuid: uuid));
        _b.MustRefuse(_b.NewDisk(Target, name: "vm", uuid: uuid), 3);
    }

    [Fact]
    public void A_start_beside_a_finished_migration_is_refused()
    {
        Guid uuid = Guid.NewGuid();
        _b.MustAdd(_b.NewDisk(Target, name: "vm--incoming", uuid: uuid));
        _a.MustRefuse(_a.NewDisk(Target, name: "vm", uuid: uuid), 3);
    }

    [Fact]
    public void The_configuration_may_take_the_same_machine_for_a_migration()
    {
        File.WriteAllText(_b.Configuration, "same-machine = share\n");
        Guid uuid = Guid.NewGuid();
        _a.MustAdd(_a.NewDisk(Target, name: "vm", uuid: uuid));
        _b.MustAdd(_b.NewDisk(Target, name: "vm", uuid: uuid));
    }

    [Fact]
    public void A_driver_domain_that_is_a_copy_of_domain_0_is_another_host()
    {
        // The same machine-id and name. Taken for one host with another boot, its lock would be one of a former boot.
        using TestHost domain0 = new("xen1", Guid.Empty);
        using TestHost storage = new("xen1", Guid.NewGuid());
        Disk disk = domain0.NewDisk(Target, name: "first");
        domain0.MustAdd(disk);
        Assert.Contains("first", storage.MustRefuse(storage.NewDisk(Target), 3), StringComparison.Ordinal);
        Assert.Single(TestHost.Lockers(_image));
        domain0.MustRemove(disk);

        disk = storage.NewDisk(Target);
        Assert.Equal(137, storage.Add(disk, "locked").ExitCode);
        storage.Boot();
        storage.MustAdd(storage.Write(disk)); // and the same one after its next boot
    }

    [Fact]
    public void Another_machine_with_the_mark_of_a_migration_is_refused()
    {
        _a.MustAdd(_a.NewDisk(Target, name: "vm"));
        _b.MustRefuse(_b.NewDisk(Target, name: "vm--incoming"), 3);
    }
}

using Xunit;

namespace BlockRbd.Xen.Tests;

/// <summary>A disk's folder as libxl leaves it, in a real xenstored.</summary>
public sealed class AttachRequestTests(Daemon daemon) : IClassFixture<Daemon>
{
    private const string Uuid = "6b1f3f5e-6a43-4b9c-9c1d-0f6a5a4c7e21";

    private static int _lastDomain;

    private readonly int _domain = Interlocked.Increment(ref _lastDomain);

    private string Folder => $"/local/domain/0/backend/vbd/{_domain}/51712";

    private XenbusPath Path => XenbusPath.Parse($"backend/vbd/{_domain}/51712");

    [Theory]
    [InlineData("backend/vbd/3/51712", 3, 51712)]
    [InlineData("/local/domain/0/backend/vbd/3/51712", 3, 51712)]
    [InlineData("/local/domain/12/backend/vbd/0/51728", 0, 51728)]
    public void XENBUS_PATH_is_relative_or_absolute(string text, uint frontend, uint device)
    {
        XenbusPath path = XenbusPath.Parse(text);
        Assert.Equal((frontend, device, text), (path.FrontendId, path.DeviceId, path.ToString()));
        Assert.Equal($"backend/vbd/{frontend}/{device}", path.Relative);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("backend/vbd/3")]
    [InlineData("backend/vbd/3/51712/")]
    [InlineData("backend/vbd/3/51712/x")]
    [InlineData("backend/vbd/../51712")]
    [InlineData("backend/../3/51712")]
    [InlineData("backend/vbd/03/51712")]
    [InlineData("backend/vbd/-3/51712")]
    [InlineData("backend/vbd/3/99999999999")]
    [InlineData("/backend/vbd/3/51712")]
    [InlineData("/local/domain/x/backend/vbd/3/51712")]
    [InlineData("/local/domain/0")]
    [InlineData("frontend/vbd/3/51712")]
    public void Anything_else_is_refused(string? text) => Assert.Throws<AttachRequestException>(() => XenbusPath.Parse(text));

    [Fact]
    public void Reads_what_libxl_writes()
    {
        WriteDisk();
        WriteDomain("vm1");
        AttachRequest request = Read();
        Assert.Equal("rbd:vm1", request.Target);
        Assert.True(request.IsWritable);
        Assert.Equal("xvda", request.VirtualDevice);
        Assert.Equal(new Machine((uint)_domain, "vm1", Uuid, IsSelf: false), request.Machine);
    }

    [Fact]
    public void Mode_r_is_not_writable()
    {
        WriteDisk();
        daemon.Real.Write((Folder + "/mode", "r"));
        Assert.False(Read().IsWritable);
    }

    [Theory]
    [InlineData("rw")]
    [InlineData("")]
    public void Another_mode_is_refused(string mode)
    {
        WriteDisk();
        daemon.Real.Write((Folder + "/mode", mode));
        Assert.Throws<AttachRequestException>(Read);
    }

    [Fact]
    public void The_receiving_domain_of_a_migration_is_known_by_its_name()
    {
        WriteDisk();
        WriteDomain("vm1--incoming");
        Machine machine = Read().Machine;
        Assert.True(machine.IsIncoming);
        Assert.Equal("vm1", machine.BareName);
    }

    [Fact]
    public void A_disk_for_domain_0_is_a_local_attach_without_a_uuid()
    {
        daemon.Real.Write(
            ("/local/domain/0/backend/vbd/0/51712/params", "rbd:vm1"), ("/local/domain/0/backend/vbd/0/51712/mode", "w"),
            ("/local/domain/0/backend/vbd/0/51712/frontend-id", "0"), ("/local/domain/0/name", "Domain-0"),
            ("/local/domain/0/vm", "/vm/00000000-0000-0000-0000-000000000000"));
        using XenStore store = daemon.Connect();
        Assert.Equal(new Machine(0, "Domain-0", null, IsSelf: true), AttachRequest.Read(store, XenbusPath.Parse("backend/vbd/0/51712")).Machine);
    }

    [Fact]
    public void A_folder_that_is_not_there_says_which()
    {
        XenStoreException e = Assert.Throws<XenStoreException>(() => Read());
        Assert.Equal($"xenstore read {Path}/mode: ENOENT", e.Message);
    }

    [Fact]
    public void A_domain_without_a_name_or_uuid_is_still_a_domain()
    {
        WriteDisk();
        Assert.Equal(new Machine((uint)_domain, null, null, IsSelf: false), Read().Machine);
    }

    [Fact]
    public void A_driver_domain_that_may_not_read_the_guests_nodes_serves_it_all_the_same()
    {
        using FakeXenStore fake = new(m => m.Payload switch
        {
            "domid\0" => FakeXenStore.Answer(m, "5"),
            "backend/vbd/3/51712/params\0" => FakeXenStore.Answer(m, "rbd:vm1"),
            "backend/vbd/3/51712/mode\0" => FakeXenStore.Answer(m, "w"),
            "backend/vbd/3/51712/frontend-id\0" => FakeXenStore.Answer(m, "3"),
            _ when m.Payload.StartsWith("/local/domain/3", StringComparison.Ordinal) => FakeXenStore.Refuse(m, "EACCES"),
            _ => FakeXenStore.Refuse(m, "ENOENT"),
        });
        using XenStore store = XenStore.Connect([fake.Path], Linux.Deadline.After(TimeSpan.FromSeconds(5)));
        AttachRequest request = AttachRequest.Read(store, XenbusPath.Parse("backend/vbd/3/51712"));
        Assert.Equal(new Machine(3, null, null, IsSelf: false), request.Machine);
    }

    [Fact]
    public void Another_domains_backend_is_not_served()
    {
        daemon.Real.Write(("/local/domain/0/domid", "0"));
        using XenStore store = daemon.Connect();
        AttachRequestException e = Assert.Throws<AttachRequestException>(
            () => AttachRequest.Read(store, XenbusPath.Parse("/local/domain/5/backend/vbd/3/51712")));
        Assert.Equal("/local/domain/5/backend/vbd/3/51712 is domain 5's; this is domain 0", e.Message);
    }

    [Fact]
    public void Connected_leaves_all_that_libxl_and_blkback_need()
    {
        WriteDisk();
        daemon.Real.Write((Folder + "/hotplug-error", "of an earlier try"));
        using XenStore store = daemon.Connect();
        HotplugAnswer.Connected(store, Path, 253, 16, "/dev/rbd1");
        Assert.Equal("fd:10", daemon.Real.Read(Folder + "/physical-device"));
        Assert.Equal("/dev/rbd1", daemon.Real.Read(Folder + "/physical-device-path"));
        Assert.Equal("/dev/rbd1", daemon.Real.Read(Folder + "/node"));
        Assert.Equal("connected", daemon.Real.Read(Folder + "/hotplug-status"));
        Assert.Null(daemon.Real.Read(Folder + "/hotplug-error"));
        Assert.Equal("fd:10", HotplugAnswer.ConnectedDevice(store, Path));
    }

    [Fact]
    public void Connected_to_a_folder_that_is_gone_makes_none()
    {
        using XenStore store = daemon.Connect();
        Assert.Throws<AttachRequestException>(() => HotplugAnswer.Connected(store, Path, 253, 0, "/dev/rbd0"));
        Assert.False(store.Exists(Folder));
    }

    [Fact]
    public void Failed_says_why_and_then_that()
    {
        WriteDisk();
        using XenStore store = daemon.Connect();
        HotplugAnswer.Failed(store, Path, "rbd:vm1: no such image");
        Assert.Equal("rbd:vm1: no such image", daemon.Real.Read(Folder + "/hotplug-error"));
        Assert.Equal("error", daemon.Real.Read(Folder + "/hotplug-status"));
        Assert.Null(HotplugAnswer.ConnectedDevice(store, Path));
    }

    [Fact]
    public void Failed_takes_back_an_answer_and_of_a_detach_leaves_it()
    {
        WriteDisk();
        using XenStore store = daemon.Connect();
        HotplugAnswer.Connected(store, Path, 253, 0, "/dev/rbd0");
        HotplugAnswer.Failed(store, Path, "busy", isAttached: true);
        Assert.Equal("fd:0", daemon.Real.Read(Folder + "/physical-device"));
        HotplugAnswer.Failed(store, Path, "gone");
        Assert.Null(daemon.Real.Read(Folder + "/physical-device"));
        Assert.Null(daemon.Real.Read(Folder + "/node"));
    }

    [Fact]
    public void Failed_in_a_folder_that_is_gone_makes_none()
    {
        using XenStore store = daemon.Connect();
        HotplugAnswer.Failed(store, Path, "x");
        Assert.False(store.Exists(Folder));
    }

    [Fact]
    public void Detached_takes_back_what_connected_wrote_and_nothing_else()
    {
        WriteDisk();
        using XenStore store = daemon.Connect();
        string before = daemon.Real.Tool("xenstore-ls", [Folder]);
        HotplugAnswer.Connected(store, Path, 253, 0, "/dev/rbd0");
        Assert.NotEqual(before, daemon.Real.Tool("xenstore-ls", [Folder]));
        HotplugAnswer.Detached(store, Path);
        Assert.Equal(before, daemon.Real.Tool("xenstore-ls", [Folder]));
        HotplugAnswer.Detached(store, Path); // and again
        Assert.Equal(before, daemon.Real.Tool("xenstore-ls", [Folder]));
    }

    private AttachRequest Read()
    {
        using XenStore store = daemon.Connect();
        return AttachRequest.Read(store, Path);
    }

    private void WriteDisk() => daemon.Real.Write(
        (Folder + "/params", "rbd:vm1"), (Folder + "/mode", "w"), (Folder + "/frontend-id", $"{_domain}"), (Folder + "/dev", "xvda"),
        (Folder + "/device-type", "disk"), (Folder + "/frontend", $"/local/domain/{_domain}/device/vbd/51712"), (Folder + "/online", "1"),
        (Folder + "/state", "2"), (Folder + "/type", "phy"), (Folder + "/script", "/etc/xen/scripts/block-rbd"));

    private void WriteDomain(string name) => daemon.Real.Write(
        ($"/local/domain/{_domain}/name", name), ($"/local/domain/{_domain}/vm", "/vm/" + Uuid), ($"/local/domain/{_domain}/domid", $"{_domain}"));
}

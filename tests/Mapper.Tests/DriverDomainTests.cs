using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>In a driver domain (backend=storage): another number than 0, and no right to read what belongs to guests.</summary>
public sealed class DriverDomainTests : IDisposable
{
    private const uint Self = 5;
    private const string Folder = "/local/domain/5/backend/vbd/3/51712";

    private readonly TestHost _host = new();
    private readonly DriverDomainStore _store;
    private readonly string _image = TestHost.NewImage();

    public DriverDomainTests()
    {
        _store = new DriverDomainStore(_host.Store, Self);
        _host.Store.Write(
            ("/local/domain/5/domid", "5"), ("/local/domain/5/name", "storage"), ("/local/domain/3/name", "guest"),
            ("/local/domain/3/vm", $"/vm/{Guid.NewGuid()}"), (Folder + "/params", $"rbd:{_image}"), (Folder + "/mode", "w"),
            (Folder + "/frontend-id", "3"), (Folder + "/dev", "xvda"), (Folder + "/online", "1"));
    }

    public void Dispose()
    {
        _store.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData("backend/vbd/3/51712")]
    [InlineData(Folder)]
    public void A_disk_is_attached_and_detached_as_in_domain_0(string path)
    {
        Assert.Equal((0, ""), Run("add", path));
        Assert.Equal("connected", _host.Store.Read(Folder + "/hotplug-status"));
        Assert.Single(_host.MappedDevices());
        Assert.Single(TestHost.Lockers(_image));
        Assert.Null(_host.Store.Read("/local/domain/0/backend")); // nothing is written to domain 0's home
        Assert.Equal((0, ""), Run("remove", path));
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void Two_machines_whose_uuids_can_not_be_read_are_two_machines()
    {
        Assert.Equal((0, ""), Run("add", "backend/vbd/3/51712"));
        string other = "/local/domain/5/backend/vbd/4/51712";
        _host.Store.Write(
            (other + "/params", $"rbd:{_image}"), (other + "/mode", "w"), (other + "/frontend-id", "4"), (other + "/dev", "xvda"));
        Assert.Equal(3, Run("add", "backend/vbd/4/51712").ExitCode);
        Assert.Single(TestHost.Lockers(_image));
    }

    [Fact]
    public void A_search_by_name_says_why_it_can_not_be()
    {
        _host.Store.Write((Folder + "/params", "rbd:"));
        Assert.Contains("write the image's name", Run("add", "backend/vbd/3/51712").Error, StringComparison.Ordinal);
    }

    private (int ExitCode, string Error) Run(string word, string path)
    {
        Dictionary<string, string> environment = _host.Environment(null);
        environment["XENSTORED_PATH"] = _store.Path;
        environment["XENBUS_PATH"] = path;
        ToolResult result = Tool.Run(BlockRbdProgram.Path, [word], TimeSpan.FromMinutes(1), environment);
        return (result.ExitCode, result.Error);
    }
}

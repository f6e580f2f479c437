using BlockRbd.Ceph.Images;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Ceph.Tests.Images;

public sealed class ImageSupportTests : IDisposable
{
    // Linux 6.1: /sys/bus/rbd/supported_features says 0xbf.
    private const RbdFeatures Kernel = (RbdFeatures)0xBF;

    private readonly DirectoryInfo _bus = Directory.CreateTempSubdirectory("bus-");
    private readonly CephCluster _cluster = Lab.Connect();

    public void Dispose()
    {
        _cluster.Dispose();
        _bus.Delete(recursive: true);
    }

    [Fact]
    public void An_image_with_default_features_can_be_used() => Require(Lab.NewImage("plain"), Kernel);

    [Fact]
    public void A_feature_that_the_kernel_lacks_is_named_with_what_helps()
    {
        string name = Lab.NewImage("journal", options: "--size 4M --image-feature layering,exclusive-lock,journaling");

        Assert.Equal(
            $"this host's kernel can't use image rbd/{name} because of journaling: 'rbd feature disable rbd/{name} journaling', or device-type=nbd",
            Refused(name, Kernel));
        Assert.Equal(
            $"this host's kernel can't use image rbd/{name} because of exclusive-lock, journaling: 'rbd feature disable rbd/{name} exclusive-lock journaling', or device-type=nbd",
            Refused(name, RbdFeatures.Layering));
        Require(name, kernel: null);
        Require(name, Kernel, readOnly: true);
    }

    [Fact]
    public void A_feature_that_cannot_be_taken_away_is_named_so()
    {
        string name = Lab.NewImage("striped", options: "--size 4M --stripe-unit 65536 --stripe-count 2");

        Assert.Equal($"this host's kernel can't use image rbd/{name} because of striping: device-type=nbd can, or a newer kernel", Refused(name, Kernel & ~RbdFeatures.Striping));
    }

    [Fact]
    public void The_non_primary_side_of_a_mirror_by_snapshots_is_refused()
    {
        CephLab.Run("rbd mirror pool enable other image");
        string name = Lab.NewImage("mirrored", "other", "--size 4M");
        CephLab.Run($"rbd mirror image enable other/{name} snapshot");
        Require(name, Kernel, pool: "other");

        CephLab.Run($"rbd mirror image demote other/{name}");

        Assert.Equal($"image other/{name} is the non-primary side of a mirror: use it where it is primary, or 'rbd mirror image promote other/{name}'", Refused(name, Kernel, "other"));
    }

    [Fact]
    public void The_non_primary_side_of_a_mirror_by_journal_is_refused()
    {
        CephLab.Run("rbd mirror pool enable other image");
        string name = Lab.NewImage("journaled", "other", "--size 4M --image-feature layering,exclusive-lock,journaling");
        CephLab.Run($"rbd mirror image enable other/{name} journal");
        Require(name, kernel: null, pool: "other");

        CephLab.Run($"rbd mirror image demote other/{name}");

        Assert.StartsWith($"image other/{name} is the non-primary side of a mirror", Refused(name, kernel: null, "other"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_is_being_migrated_is_refused()
    {
        string name = Lab.NewImage("moving");
        CephLab.Run($"rbd migration prepare rbd/{name} rbd/{name}-new");

        Assert.Equal($"image rbd/{name}-new is being migrated: finish that first ('rbd migration execute', then 'commit')", Refused(name + "-new", Kernel));
    }

    [Theory]
    [InlineData("0xbf\n", 0xBF)]
    [InlineData("0x1\n", 1)]
    public void The_kernel_says_what_it_supports(string text, int features)
    {
        File.WriteAllText(Path.Combine(_bus.FullName, "supported_features"), text);

        Assert.Equal((RbdFeatures)features, KernelFeatures.Supported(_bus.FullName));
    }

    [Fact]
    public void A_kernel_that_does_not_say_supports_layering_and_one_without_the_module_is_unknown()
    {
        Assert.Equal(RbdFeatures.Layering, KernelFeatures.Supported(_bus.FullName));
        Assert.Null(KernelFeatures.Supported(_bus.FullName + "/none"));
        File.WriteAllText(Path.Combine(_bus.FullName, "supported_features"), "many\n");
        Assert.Equal(CephFault.Malformed, Assert.Throws<CephException>(() => KernelFeatures.Supported(_bus.FullName)).Fault);
    }

    private void Require(string name, RbdFeatures? kernel, string pool = "rbd", bool readOnly = false)
    {
        using CephPool open = _cluster.OpenPool(pool);
        ImageSupport.Require(open, ImageLookup.Find(open, name, null, readOnly), kernel);
    }

    private string Refused(string name, RbdFeatures? kernel, string pool = "rbd")
    {
        CephException e = Assert.Throws<CephException>(() => Require(name, kernel, pool));
        Assert.Equal(CephFault.Unsupported, e.Fault);
        return e.Message;
    }
}

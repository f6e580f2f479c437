using BlockRbd.Ceph.Images;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Ceph.Tests.Images;

public sealed class ImageSearchTests : IDisposable
{
    private readonly CephCluster _cluster = Lab.Connect();
    private readonly CephPool _pool;
    private readonly string _domain = Lab.NewName("dom");

    public ImageSearchTests() => _pool = _cluster.OpenPool("rbd");

    public void Dispose()
    {
        _pool.Dispose();
        _cluster.Dispose();
    }

    [Fact]
    public void The_image_of_the_domain_and_the_disk_is_taken()
    {
        Create($"{_domain}-xvdb");

        Assert.Equal($"{_domain}-xvdb", ImageSearch.Find(_pool, _domain, "xvdb", isFirstDisk: false));
    }

    [Fact]
    public void The_image_of_the_domain_alone_will_do_for_its_first_disk_only()
    {
        Create(_domain);

        Assert.Equal(_domain, ImageSearch.Find(_pool, _domain, "xvda", isFirstDisk: true));
        Refused($"there is no image rbd/{_domain}-xvdb for domain {_domain}: name the image in the target", "xvdb", first: false);
    }

    [Fact]
    public void Two_that_could_be_meant_are_an_error()
    {
        Create(_domain);
        Create($"{_domain}-xvda");

        Refused($"both rbd/{_domain}-xvda and rbd/{_domain} exist for domain {_domain}: name the image in the target", "xvda", first: true);
    }

    [Fact]
    public void A_name_that_only_begins_the_same_is_no_match()
    {
        Create($"{_domain}-xvda-old");
        Create($"{_domain}0");

        Refused($"there is no image rbd/{_domain}-xvda or rbd/{_domain} for domain {_domain}: name the image in the target", "xvda", first: true);
    }

    [Fact]
    public void A_domain_that_no_image_can_be_named_for_is_an_error() => Assert.Equal(
        @"no image can be named for this domain: odd character '/' in the image '../x-xvda': name the image in the target",
        Assert.Throws<CephException>(() => ImageSearch.Find(_pool, "../x", "xvda", isFirstDisk: true)).Message);

    private static void Create(string name) => CephLab.Run($"rbd create --size 1M rbd/{name}");

    private void Refused(string message, string vdev, bool first) =>
        Assert.Equal(message, Assert.Throws<CephException>(() => ImageSearch.Find(_pool, _domain, vdev, first)).Message);
}

using BlockRbd.Ceph.Targets;
using Xunit;

namespace BlockRbd.Ceph.Tests.Targets;

public sealed class BlockRbdConfigTests
{
    private const string Example = """
        # for all pools
        id = xen
        timeout = 20
        map-options = queue_depth=64,rxbounce

        [pool fast]
        id = fast
        ; no searching here
        search-by-name = no
        [pool shared]
        same-machine = share
        clone-from = gold@v1,adopt
        """;

    private static readonly BlockRbdConfig Config = BlockRbdConfig.Parse("block-rbd.conf", Example);

    [Theory]
    [InlineData("other/i", "id=xen,map-options=queue_depth=64,rxbounce,timeout=20")]
    [InlineData("fast/i", "id=fast,map-options=queue_depth=64,rxbounce,timeout=20")]
    [InlineData("fast/i,id=me,timeout=3", "id=me,map-options=queue_depth=64,rxbounce,timeout=3")]
    [InlineData("shared/i", "id=xen,map-options=queue_depth=64,rxbounce,clone-from=gold@v1,adopt,timeout=20")]
    [InlineData("shared/i@s", "id=xen,map-options=queue_depth=64,rxbounce,timeout=20")]
    public void The_target_comes_first_then_its_pool_then_the_defaults(string text, string options)
    {
        RbdTarget target = RbdTarget.Parse(text).WithDefaults(Config);

        Assert.Equal($"{target.Name},{options}", target.Format());
    }

    [Fact]
    public void Switches_hold_by_pool()
    {
        Assert.Equal((true, false), (Config.SearchesByName("other"), Config.SearchesByName("fast")));
        Assert.Equal((false, true), (Config.SharesSameMachine("other"), Config.SharesSameMachine("shared")));
    }

    [Theory]
    [InlineData("[pool a]\nid = x\nuser = y\n", "c:3: unknown key 'user'; known are id, conf, cluster, keyring, map-options, device-type, access, clone-from, timeout, search-by-name, same-machine")]
    [InlineData("id\n", "c:1: 'id' is not key = value")]
    [InlineData("\n\nid =\n", "c:3: id= has no value")]
    [InlineData("id = a\nid = b\n", "c:2: id= stands there twice")]
    [InlineData("id = a b\n", "c:1: odd character ' ' in the id 'a b'")]
    [InlineData("[pools]\n", "c:1: section '[pools]' is not [defaults] or [pool NAME]")]
    [InlineData("[pool a\n", "c:1: section '[pool a' is not [defaults] or [pool NAME]")]
    [InlineData("[pool ]\n", "c:1: the pool is empty")]
    [InlineData("[pool a/b]\n", "c:1: odd character '/' in the pool 'a/b'")]
    [InlineData("[pool a]\n[pool b]\n[pool a]\n", "c:3: section '[pool a]' stands there twice")]
    [InlineData("search-by-name = maybe\n", "c:1: search-by-name is 'maybe', not no or yes")]
    [InlineData("same-machine = share\nsame-machine = share\n", "c:2: same-machine stands there twice")]
    [InlineData("map-options = id=7\n", "c:1: map option 'id=7': neither an option of the target nor a known one of 'rbd device map'")]
    [InlineData("timeout = 20 # seconds\n", "c:1: timeout is '20 # seconds', not a number of seconds from 1 to 600")]
    [InlineData("access = \u001b[0m\n", @"c:1: access is '\x1b[0m', not w, r, w! or r!")]
    public void What_is_wrong_is_named_with_its_line(string text, string message) =>
        Assert.Equal(message, Assert.Throws<RbdTargetException>(() => BlockRbdConfig.Parse("c", text)).Message);

    [Fact]
    public void Options_of_the_other_kind_of_device_are_refused_once_both_are_known()
    {
        RbdTarget target = RbdTarget.Parse("shared/i,device-type=nbd");

        Assert.Equal("target 'shared/i,device-type=nbd': map option 'queue_depth=64': not one for device-type=nbd",
            Assert.Throws<RbdTargetException>(() => target.WithDefaults(Config)).Message);
    }

    [Fact]
    public void A_file_that_is_not_there_says_nothing() => Assert.Same(BlockRbdConfig.Empty, BlockRbdConfig.Load("/nonexistent/block-rbd.conf"));
}

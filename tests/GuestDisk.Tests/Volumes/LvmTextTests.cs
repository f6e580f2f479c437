using BlockRbd.GuestDisk.Volumes;
using BlockRbd.GuestDisk.Volumes.Lvm;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Volumes;

/// <summary>Texts that no LVM2 would write.</summary>
public sealed class LvmTextTests
{
    [Theory]
    [InlineData("a {", "} expected")]
    [InlineData("a { b = 1 } }", "a } too many")]
    [InlineData("a = \"x", "\" expected")]
    [InlineData("a = [1, 2", "a name or number expected")]
    [InlineData("a = ", "a name or number expected")]
    [InlineData("= 1", "a name or number expected")]
    [InlineData("a { b = 1 b = 2 }", "a: has two of b")]
    [InlineData("a{a{a{a{a{a{a{a{a{a{ } } } } } } } } } }", "sections inside each other")]
    public void A_text_that_cannot_be_parsed_is_refused(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<ImageFormatException>(() => LvmTextParser.Parse(text, "test")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("start_extent = 0 extent_count = 0 type = \"striped\" stripe_count = 1 stripes = [\"pv0\", 0]")]
    [InlineData("start_extent = 1 extent_count = 1 type = \"striped\" stripe_count = 1 stripes = [\"pv0\", 0]")]
    [InlineData("start_extent = 0 extent_count = 1 type = \"striped\" stripe_count = 1 stripes = [\"pv0\", -1]")]
    [InlineData("start_extent = 0 extent_count = 1 type = \"striped\" stripe_count = 1 stripes = [\"pv0\", 99999]")] // behind the disk
    [InlineData("start_extent = 0 extent_count = 4294967295 type = \"striped\" stripe_count = 1 stripes = [\"pv0\", 4294967295]")]
    [InlineData("start_extent = 0 extent_count = 1 type = \"striped\" stripe_count = 1 stripes = [\"a\", 0]")] // on itself
    [InlineData("start_extent = 0 extent_count = 1 type = \"striped\" stripe_count = 1 stripes = [\"nobody\", 0]")]
    [InlineData("start_extent = 0 extent_count = 3 type = \"striped\" stripe_count = 2 stripe_size = 8 stripes = [\"pv0\", 0, \"pv0\", 5]")]
    [InlineData("start_extent = 0 extent_count = 2 type = \"striped\" stripe_count = 2 stripe_size = 0 stripes = [\"pv0\", 0, \"pv0\", 5]")]
    [InlineData("start_extent = 0 extent_count = 2 type = \"raid1\" raids = [\"x\"]")]
    [InlineData("start_extent = 0 extent_count = 2 type = \"raid10\" raids = [] stripe_size = 8")]
    [InlineData("start_extent = 0 extent_count = 2")]
    public void A_segment_that_contradicts_itself_makes_its_volume_unreadable(string segment)
    {
        string text = "vg { id = \"v\" seqno = 1 extent_size = 2048 physical_volumes { pv0 { id = \"p\" pe_start = 2048 pe_count = 7 } } logical_volumes { "
            + $"a {{ id = \"l\" status = [\"VISIBLE\"] segment_count = 1 segment1 {{ {segment} }} }} }} }}";
        LvmSection group = Assert.Single(LvmTextParser.Parse(text, "test").Sections);
        Dictionary<string, List<Member>> members = new() { ["p"] = [new Member("hd0", new MemorySource(new byte[8 << 20]))] };
        AssembledVolume volume = Assert.Single(new LvmGroup(group, "test", members).Volumes());
        Assert.Null(volume.Source);
        Assert.NotNull(volume.Failure);
    }
}

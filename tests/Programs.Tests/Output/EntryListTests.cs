using System.Text.Json;
using BlockRbd.BootExtract.Output;
using Xunit;

namespace BlockRbd.Programs.Tests.Output;

public sealed class EntryListTests
{
    [Theory]
    [InlineData("hd0,msdos1", false, "d0p1")] // GrubConf.py: GrubDiskPart's repr
    [InlineData("hd1,gpt12", false, "d1p12")]
    [InlineData("hd0,msdos1", true, "d0p0")]  // GRUB legacy counts from 0
    [InlineData("hd0", false, "d0")]
    [InlineData("lvm/vg-lv", false, "lvm/vg-lv")]
    [InlineData("md/0", false, "md/0")]
    public void A_device_is_spelled_as_pygrub_does(string device, bool legacy, string expected) => Assert.Equal(expected, EntryList.Root(device, legacy));

    [Fact]
    public void What_an_entry_has_not_is_None() => Assert.Equal(
        "title: memtest\n  root: None\n  kernel: None\n  args: None\n  initrd: None\n",
        EntryList.Text([new EntryDescription("0", "memtest", "", null, null, [], null, "no kernel")], legacy: false));

    [Fact]
    public void Several_initrds_are_one_value() => Assert.Contains(
        "  initrd: /a /b\n", EntryList.Text([new EntryDescription("0", "t", "", "hd0", "/k", ["/a", "/b"], "x", null)], legacy: false));

    [Theory]
    [InlineData("caf\u00c3\u00a9", "caf\u00c3\u00a9")]   // UTF-8's bytes stay
    [InlineData("caf\u00e9", "caf\u00e9")]                // so does Latin-1
    [InlineData("a\nb", "a\\x0ab")]
    [InlineData("\u001b[31m", "\\x1b[31m")]
    [InlineData("\u009b31m", "\\x9b31m")]                  // CSI of an eight-bit terminal
    [InlineData("\u00c2\u009b", "\\xc2\\x9b")]             // the same in UTF-8
    [InlineData("a\tb", "a\tb")]
    public void A_value_keeps_its_bytes_but_not_its_controls(string value, string expected) => Assert.Equal(expected, EntryList.Line(value));

    [Fact]
    public void Json_has_one_object_with_the_default_and_every_entry()
    {
        EntryDescription linux = new("1>0", "a \"b\"", "id", "hd0,gpt2", "/k", ["/i", "/j"], "x\\y", null);
        EntryDescription other = new("2", "memtest\u00e9", "", null, null, [], null, "chainloader +1");
        using JsonDocument json = JsonDocument.Parse(JsonAnswers.List("1>0", [linux, other]));
        Assert.Equal("1>0", json.RootElement.GetProperty("default").GetString());
        JsonElement first = json.RootElement.GetProperty("entries")[0];
        Assert.Equal(
            ["1>0", "a \"b\"", "id", "hd0,gpt2", "/k", "/i", "/j", "x\\y"],
            [
                first.GetProperty("index").GetString(), first.GetProperty("title").GetString(), first.GetProperty("id").GetString(),
                first.GetProperty("device").GetString(), first.GetProperty("kernel").GetString(), first.GetProperty("initrd")[0].GetString(),
                first.GetProperty("initrd")[1].GetString(), first.GetProperty("args").GetString(),
            ]);
        JsonElement second = json.RootElement.GetProperty("entries")[1];
        Assert.Equal(JsonValueKind.Null, second.GetProperty("kernel").ValueKind);
        Assert.Equal("chainloader +1", second.GetProperty("what").GetString());
        Assert.Equal("memtest\\xe9", second.GetProperty("title").GetString());
    }

    [Fact]
    public void Json_survives_every_byte()
    {
        string all = string.Concat(Enumerable.Range(0, 256).Select(b => (char)b));
        using JsonDocument json = JsonDocument.Parse(JsonAnswers.List(null, [new EntryDescription("0", all, all, all, all, [all], all, all)]));
        Assert.StartsWith("\\x00\\x01", json.RootElement.GetProperty("entries")[0].GetProperty("title").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("default").ValueKind);
    }
}

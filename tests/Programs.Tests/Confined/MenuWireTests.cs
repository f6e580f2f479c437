using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Confined;
using BlockRbd.BootExtract.Menu;
using BlockRbd.TwoStages;
using Xunit;

namespace BlockRbd.Programs.Tests.Confined;

/// <summary>What the process that reads the guest says of its menu, good and hostile.</summary>
public sealed class MenuWireTests
{
    private static readonly MenuFacts Facts = new(
        "GRUB 2  x", [new(0, "0", "A\0\xff", false, 'h', null), new(1, "1", "", true, '\0', "")], "1>0", null, "hidden", true, false, true,
        new MenuProtection(["root", "eve"], [new("root", PasswordKind.Pbkdf2, "grub.pbkdf2.sha512.1.AB.CD"), new("", PasswordKind.Plain, "x")]));

    [Fact]
    public void A_menu_arrives_as_it_was_sent()
    {
        List<string?> texts = [];
        MenuWire.Add(texts, Facts);
        Queue<string?> sent = TextMessage.Read(TextMessage.Write(texts), MenuLimits.MaxTexts);
        MenuFacts got = MenuWire.Facts(sent);
        Assert.Empty(sent);
        Assert.Equal(Facts.Items, got.Items);
        Assert.Equal(Facts.Protection!.Superusers, got.Protection!.Superusers);
        Assert.Equal(Facts.Protection.Users, got.Protection.Users);
        Assert.Equal(Facts with { Items = [], Protection = null }, got with { Items = [], Protection = null });
    }

    [Fact]
    public void A_menu_that_is_cut_off_or_says_nonsense_is_none()
    {
        List<string?> texts = [];
        MenuWire.Add(texts, Facts);
        for (int at = 0; at < texts.Count; at++)
        {
            Refused(texts[..at]);
            if (int.TryParse(texts[at], out _))
            {
                Assert.All(["-1", "99999999999", "x", null], text => Accepted([.. texts[..at], text, .. texts[(at + 1)..]]));
            }
        }
    }

    [Fact]
    public void More_entries_than_any_menu_has_are_none() =>
        Refused(["heading", "", null, "menu", "0", "0", "0", null, "10001", .. Enumerable.Repeat<string?>("0", 70_000)]);

    [Theory]
    [InlineData(new byte[] { 255, 255, 255, 255 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 255, 255, 255, 127 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 255, 255, 255, 127 })]
    public void A_message_that_is_none_is_refused(byte[] message) => Assert.Throws<StageException>(() => TextMessage.Read(message, MenuLimits.MaxTexts));

    private static void Refused(IEnumerable<string?> texts) => Assert.Throws<StageException>(() => MenuWire.Facts(new Queue<string?>(texts)));

    /// <summary>A number may be as good as another text in its place; nothing but the one exception may come of it.</summary>
    private static void Accepted(IEnumerable<string?> texts)
    {
        try
        {
            Assert.True(MenuWire.Facts(new Queue<string?>(texts)).Items.Count <= MenuLimits.MaxItems);
        }
        catch (StageException e)
        {
            Assert.Equal(StageFault.Broken, e.Fault);
        }
    }
}

using BlockRbd.Ceph.Locks;
using Xunit;

namespace BlockRbd.Ceph.Tests.Locks;

/// <summary>Holders and requests are spelled MODE MACHINE HOST [incoming] [share] [boot=...] [dom=...] [exclusive].</summary>
public sealed class AttachRulesTests
{
    [Theory]
    [InlineData("", "w m1 h1", "take")]
    [InlineData("", "r m1 h1", "take")]
    [InlineData("", "w m1 h1 incoming", "take")]
    // another machine
    [InlineData("w m1 h1", "w m2 h1 dom=2", "another machine has it")]
    [InlineData("w m1 h1", "w m2 h2", "another machine has it")]
    [InlineData("w m1 h1", "r m2 h2", "it can't be read while another may write it")]
    [InlineData("r m1 h1", "w m2 h2", "it can't be written while another reads it")]
    [InlineData("r m1 h1", "r m2 h2", "take")]
    [InlineData("r m1 h1;r m2 h2", "r m3 h3", "take")]
    [InlineData("w m1 h1", "w m2 h2 incoming", "another machine has it")]
    [InlineData("w m1 h1", "w m2 h2 share", "another machine has it")]
    // the same machine on this host
    [InlineData("w m1 h1 dom=1", "w m1 h1 dom=1", "the same domain has it already")]
    [InlineData("r m1 h1 dom=1", "r m1 h1 dom=1", "take")]
    [InlineData("w m1 h1 dom=1", "r m1 h1 dom=1", "it can't be read while another may write it")]
    [InlineData("r m1 h1 dom=1", "w m1 h1 dom=1", "it can't be written while another reads it")]
    [InlineData("w m1 h1 dom=1", "w m1 h1 dom=1 share", "the same domain has it already")]
    [InlineData("w m1 h1 dom=1", "w m1 h1 dom=1 incoming", "the same domain has it already")]
    [InlineData("w m1 h1 dom=1", "w m1 h1 dom=2", "the same machine has it already, and this is no incoming migration")]
    [InlineData("w m1 h1 dom=1", "w m1 h1 dom=2 share", "the same machine has it already, and this is no incoming migration")]
    [InlineData("w m1 h1 dom=1", "w m1 h1 dom=2 incoming", "take")]
    // the same machine on another host
    [InlineData("w m1 h1", "w m1 h2", "the same machine has it already, and this is no incoming migration")]
    [InlineData("w m1 h1", "w m1 h2 incoming", "take")]
    [InlineData("w m1 h1", "w m1 h2 share", "take")]
    [InlineData("w m1 h1 incoming", "w m1 h2", "the same machine has it already, and this is no incoming migration")]
    [InlineData("w m1 h1;w m1 h2", "w m1 h3 incoming", "a migration of this machine is already under way")]
    [InlineData("w m1 h1;w m1 h2", "w m1 h3", "the same machine has it already, and this is no incoming migration")]
    // domain 0 has the same uuid everywhere
    [InlineData("w m0 h1 dom=0", "w m0 h2 dom=0 incoming", "another machine has it")]
    [InlineData("w m0 h1 dom=0", "w m0 h1 dom=0", "the same domain has it already")]
    [InlineData("w m1 h1", "w m0 h1 dom=0", "another machine has it")]
    // left behind by this host
    [InlineData("w m1 h1 boot=b0", "w m1 h1", "take over 1")]
    [InlineData("w m1 h1 boot=b0", "w m2 h1", "take over 1")]
    [InlineData("w m1 h1 boot=b0", "r m2 h1", "take over 1")]
    [InlineData("r m1 h1 boot=b0;r m2 h2", "r m1 h1", "take over 1")]
    [InlineData("r m1 h1 boot=b0;r m2 h2", "w m1 h1", "it can't be written while another reads it")]
    [InlineData("w m1 h1 boot=b0;w m1 h2", "w m1 h1", "the same machine has it already, and this is no incoming migration")]
    [InlineData("w m1 h1 boot=b0", "w m1 h2", "the same machine has it already, and this is no incoming migration")]
    [InlineData("w m1 h1 boot=b0", "w m2 h2", "another machine has it")]
    [InlineData("w m1 h1 path=p", "w m1 h1 path=p", "take over 1")]
    [InlineData("w m1 h1 path=p", "w m1 h2 path=p", "the same machine has it already, and this is no incoming migration")]
    // not ours
    [InlineData("foreign", "w m1 h1", "something else than block-rbd locked it")]
    [InlineData("foreign", "r m1 h1", "it can't be read while another may write it")]
    [InlineData("r m1 h1 exclusive", "r m2 h2", "it is locked exclusively")]
    public void Decides(string holders, string wanted, string expected)
    {
        AttachLocker[] lockers = [.. holders.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Locker)];
        AttachLockState state = new() { Name = "xen.attach", IsShared = !holders.Contains("exclusive", StringComparison.Ordinal), Tag = "", Lockers = lockers };

        AttachDecision decision = AttachRules.Decide(state, new AttachRequest(Holder(wanted), Has(wanted, "incoming"), Has(wanted, "share")));

        Assert.Equal(expected, decision switch
        {
            AttachDecision.Refuse refusal => refusal.Reason,
            AttachDecision.TakeOver takeOver => $"take over {takeOver.Stale.Count}",
            _ => "take",
        });
    }

    private static bool Has(string text, string word) => text.Split(' ').Contains(word);

    private static AttachLocker Locker(string text, int number) =>
        new(number, $"c{number}", "127.0.0.1:0/1", text == "foreign" ? "rados lock get" : Holder(text).Encode());

    private static AttachHolder Holder(string text)
    {
        string[] words = text.Split(' ');
        string Value(string key, string otherwise) =>
            words.FirstOrDefault(word => word.StartsWith(key, StringComparison.Ordinal)) is { } word ? word[key.Length..] : otherwise;
        int domain = int.Parse(Value("dom=", "1"), System.Globalization.CultureInfo.InvariantCulture);
        return Lab.Holder(
            words[2], Value("boot=", "b1"), domain, Lab.Machine(words[1][1] - '0'), "xvda", words[0] == "w",
            Value("path=", $"{_paths++}"));
    }

    private static int _paths;
}

using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>Names and texts of a guest that are no UTF-8, or that would pass for something else outside.</summary>
public sealed class GuestTextTests
{
    [Fact]
    public void A_name_in_the_list_keeps_its_bytes() => Assert.Contains("  kernel: /boot/vmlinuz-caf\u00e9\n", PygrubRbd.Run("-l", PygrubRbd.Disk("latin1")).Text);

    [Fact]
    public void A_control_character_in_the_list_is_only_shown()
    {
        string text = PygrubRbd.Run("-l", PygrubRbd.Disk("latin1")).Text;
        Assert.DoesNotContain('\u001b', text);
        Assert.Contains("title: escape \\x1b[31m red\n", text);
    }

    [Theory]
    [InlineData("--kernel=/boot/vmlinuz-caf\\xe9")]
    [InlineData("--entry=caf\\xe9")]
    public void Bytes_that_are_no_text_can_be_given(string option)
    {
        using ScratchFolder scratch = new();
        ToolResult result = PygrubRbd.Shell("exec $P -q --output-format=simple0 --output-directory=$1 \"$(printf -- \"$2\")\" $3", scratch.Path, option, PygrubRbd.Disk("latin1"));
        Assert.Equal(PygrubRbd.Payload("vmlinuz-6.1"), File.ReadAllBytes(PygrubRbd.Answer(result)["kernel"]));
    }

    [Fact]
    public void They_can_be_given_with_another_uid_too()
    {
        Assert.SkipUnless(Environment.UserName == "root", "--runas needs root");
        using ScratchFolder scratch = new();
        ToolResult result = PygrubRbd.Shell(
            "exec $P -q --runas=65534 --output-format=simple0 --output-directory=$1 \"$(printf -- '--kernel=/boot/vmlinuz-caf\\xe9')\" $2",
            scratch.Path, PygrubRbd.Disk("latin1"));
        Assert.Equal(PygrubRbd.Payload("vmlinuz-6.1"), File.ReadAllBytes(PygrubRbd.Answer(result)["kernel"]));
    }

    [Fact]
    public void A_host_path_that_is_no_text_is_refused_and_named() =>
        Assert.Contains("IMAGE \"/tmp/caf\\xe9\": must be UTF-8", PygrubRbd.Shell("exec $P -l \"$(printf -- '/tmp/caf\\xe9')\"").Error);

    [Fact]
    public void A_line_feed_in_the_arguments_passes_through_simple0_and_stays_inside_sxps_quotes()
    {
        string simple0 = PygrubRbd.Run("-q", "-n", "--output-format=simple0", PygrubRbd.Disk("delimiters")).Text;
        string sxp = PygrubRbd.Run("-q", "-n", PygrubRbd.Disk("delimiters")).Text;
        string[] values = simple0.Split('\0');
        Assert.Equal(5, simple0.Split('\0').Length + 1); // kernel, args, two ends
        Assert.Contains('\n', values[1]);
        string literal = sxp[(sxp.IndexOf("(args ", StringComparison.Ordinal) + 6)..^1];
        Assert.Equal(values[1]["args ".Length..] + "\n", Tool.Check("/usr/bin/python3", "-c", "import ast,sys; print(ast.literal_eval(sys.argv[1]))", literal).Text);
    }

    [Fact]
    public void Quotes_and_brackets_stay_inside_theirs()
    {
        string simple = PygrubRbd.Run("--entry=quotes", "-n", "--output-format=simple", PygrubRbd.Disk("delimiters")).Text;
        string sxp = PygrubRbd.Run("--entry=quotes", "-n", PygrubRbd.Disk("delimiters")).Text;
        string literal = sxp[(sxp.IndexOf("(args ", StringComparison.Ordinal) + 6)..^1];
        Assert.Equal(
            simple.Split('\n')[1]["args ".Length..] + "\n",
            Tool.Check("/usr/bin/python3", "-c", "import ast,sys; print(ast.literal_eval(sys.argv[1]))", literal).Text);
    }
}

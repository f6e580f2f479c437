using BlockRbd.BootConfig;
using BlockRbd.BootExtract;
using BlockRbd.BootExtract.CommandLine;
using BlockRbd.BootExtract.Output;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Output;

public sealed class AnswerTextTests
{
    [Fact]
    public void Simple0_is_what_libxl_was_recorded_to_read() => Assert.Equal(
        "kernel /var/lib/xen/bootloader.1.d/boot_kernel.k\0ramdisk /var/lib/xen/bootloader.1.d/boot_ramdisk.r\0args root=/dev/xvda1 ro console=hvc0\0\0",
        Text(OutputFormat.Simple0, "/var/lib/xen/bootloader.1.d/boot_kernel.k", "/var/lib/xen/bootloader.1.d/boot_ramdisk.r", "root=/dev/xvda1 ro console=hvc0"));

    [Fact]
    public void Simple_puts_a_value_on_each_line() => Assert.Equal("kernel /k\nramdisk /r\nargs a\n\n", Text(OutputFormat.Simple, "/k", "/r", "a"));

    [Theory]
    [InlineData(OutputFormat.Simple0, "kernel /k\0\0")]
    [InlineData(OutputFormat.Simple, "kernel /k\n\n")]
    [InlineData(OutputFormat.Sxp, "linux (kernel '/k')")]
    public void What_is_not_there_is_left_out(int format, string expected) => Assert.Equal(expected, Text((OutputFormat)format, "/k", null, ""));

    [Theory]
    [InlineData(OutputFormat.Simple, "a\nramdisk /etc/shadow")]
    [InlineData(OutputFormat.Simple, "a\0b")]
    [InlineData(OutputFormat.Simple0, "a\0ramdisk /etc/shadow")]
    [InlineData(OutputFormat.Sxp, "a\0b")]
    public void A_value_that_would_end_early_is_refused(int format, string arguments)
    {
        ExtractException e = Assert.Throws<ExtractException>(() => Text((OutputFormat)format, "/k", "/r", arguments));
        Assert.Contains("delimiter", e.Message);
        Assert.DoesNotContain('\n', e.Message);
        Assert.DoesNotContain('\0', e.Message);
    }

    [Theory]
    [InlineData("/k\n", null)]
    [InlineData("/k", "/r\n")]
    public void Also_in_a_path(string kernel, string? ramdisk) =>
        Assert.Throws<ExtractException>(() => Text(OutputFormat.Simple, kernel, ramdisk, ""));

    [Fact]
    public void A_line_feed_passes_where_it_ends_nothing() => Assert.Equal("kernel /k\0args a\nb\0\0", Text(OutputFormat.Simple0, "/k", null, "a\nb"));

    [Fact]
    public void Sxp_quotes_as_Pythons_repr_does()
    {
        string[] texts =
        [
            "plain", "", "it's", "say \"x\"", "both ' and \"", "back\\slash", "tab\tline\nreturn\r", "\u0001\u007f", "é", "\u00a0", "\u200b", "漢字", "😀",
            ")(kernel '/etc/shadow')", "\u2028", "\ue000", "\u00ad",
        ];
        string[] expected = Tool.Check("/usr/bin/python3", ["-X", "utf8", "-c", "import sys\nfor a in sys.argv[1:]: print(repr(a))", .. texts])
            .Text.Split('\n')[..^1];
        Assert.Equal(expected, texts.Select(text => PythonRepr.Of(GuestText.FromBytes(System.Text.Encoding.UTF8.GetBytes(text)))));
    }

    [Fact]
    public void Sxp_shows_bytes_that_are_no_text_as_hexadecimal() => Assert.Equal("'caf\\xe9'", PythonRepr.Of("caf\u00e9"));

    private static string Text(OutputFormat format, string kernel, string? ramdisk, string arguments) =>
        GuestText.FromBytes(AnswerText.Format(format, kernel, ramdisk, arguments));
}

using BlockRbd.MenuLstGen.CommandLine;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.MenuLstGen.Tests;

/// <summary>The manual page, the help and the program say the same.</summary>
public class ManPageTests
{
    private static readonly string Page = File.ReadAllText(Repo.Below("man", "menulst-gen.8.scd"));

    public static TheoryData<string> Options => [.. GenCommand.Build().Options.Select(option => option.Name)];

    [Theory, MemberData(nameof(Options))]
    public void Every_option_is_explained(string option) => Assert.Matches($@"(?m)^\*(-.\*, \*)?{option}\*", Page);

    [Fact]
    public void Every_exit_code_is_explained() =>
        Assert.All(Enum.GetValues<ExitCode>(), code => Assert.Contains(code == ExitCode.Signal ? "\n*128+N*\n" : $"\n*{(int)code}*\n", Page));

    [Theory]
    [InlineData(1, "--bits", "16", "x")]
    [InlineData(1, "--loader=grub3", "x")]
    [InlineData(1, "--append", "a\nb", "x")]
    [InlineData(1, "--device", "/dev/x", "x")]
    [InlineData(1)]
    [InlineData(1, "--root", "/", "x")]
    [InlineData(1, "--root", "/", "--grub-root", "hd0")]
    [InlineData(1, "/")]
    [InlineData(6, "/nowhere")]
    [InlineData(6, "pool:image")]
    [InlineData(6, "@/etc/passwd")]
    [InlineData(6, "--root", "/nowhere")]
    public void What_cannot_be_done_has_its_code_and_sentence(int code, params string[] arguments)
    {
        ToolResult result = MenuLstProgram.Run(arguments);
        Assert.Equal((code, ""), (result.ExitCode, result.Text));
        Assert.StartsWith("menulst-gen: ", result.Error);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Check_writes_nothing_and_tells_by_its_code()
    {
        using ScratchFolder scratch = new();
        ToolResult result = MenuLstProgram.Run("--check", "-o", scratch["menu.lst"], MenuLstProgram.Disk("msdos"));
        Assert.Equal((9, ""), (result.ExitCode, result.Text));
        Assert.Contains("(hd0,msdos1) has ext2/3/4 with 64bit: PV-GRUB (GRUB 0.97) can't read that", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public void An_entry_that_is_not_there_is_an_error()
    {
        ToolResult result = MenuLstProgram.Run("--entry", "nothing", MenuLstProgram.Disk("msdos"));
        Assert.Equal((2, ""), (result.ExitCode, result.Text));
        result = MenuLstProgram.Run("--entry", "Rescue", MenuLstProgram.Disk("msdos"));
        Assert.Contains("\ndefault 3\n", result.Text);
    }
}

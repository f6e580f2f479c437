using System.Text.RegularExpressions;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>The same bytes as the real pygrub, on disks that it reads too.</summary>
public sealed partial class PygrubComparisonTests
{
    private static readonly string[] Disks = ["msdos", "whole-disk", "gpt", "separate-boot", "legacy"];

    public static TheoryData<string> Both => [.. Disks];

    public static TheoryData<string, string[]> Answers
    {
        get
        {
            string[][] choices =
            [
                ["-q"], ["--entry=0"], ["--entry=1"], ["--entry", "1", "--args", "console=hvc0"], ["-q", "--args=a 'b' \"c\""], ["--arg=x", "-i", "--qui"],
                ["-q", "--kernel=/boot/vmlinuz-6.1", "--args=x"], ["-q", "--kernel=/boot/vmlinuz-6.1", "--ramdisk=/boot/ucode"],
            ];
            TheoryData<string, string[]> data = [];
            foreach (string disk in Disks)
            {
                foreach (string[] choice in choices.Where(choice => HasOneFileSystem(disk) || !choice.Any(word => word.StartsWith("--kernel", StringComparison.Ordinal))))
                {
                    data.Add(disk, choice);
                }
            }

            foreach (string entry in (string[])["2", "3", "Rescue", "Debian GNU/Linux, with Linux 5.10"])
            {
                data.Add("msdos", [$"--entry={entry}"]);
                data.Add("gpt", [$"--entry={entry}"]);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Both))]
    public void Lists_the_same(string disk) =>
        Assert.Equal(Tool.Check(Tool.Path("pygrub"), "-l", PygrubRbd.Disk(disk)).Text, PygrubRbd.Run("-l", PygrubRbd.Disk(disk)).Text);

    [Theory, MemberData(nameof(Answers))]
    public void Answers_the_same(string disk, string[] options)
    {
        foreach (string format in (string[])["sxp", "simple", "simple0"])
        {
            (string Text, string Files) theirs = Run(Tool.Path("pygrub"), disk, format, options);
            (string Text, string Files) ours = Run(PygrubRbd.Path, disk, format, options);
            Assert.Equal(theirs, ours);
        }
    }

    [Theory]
    [InlineData("--output-format=nope", "IMAGE")]
    [InlineData("--nope", "IMAGE")]
    [InlineData("--o=x", "IMAGE")]
    [InlineData("--offset=x", "IMAGE")]
    [InlineData("-q", "")]
    public void Ends_with_the_same_code_where_the_command_line_is_wrong(string option, string image)
    {
        string[] arguments = image.Length == 0 ? [option] : [option, PygrubRbd.Disk("msdos")];
        Assert.Equal(Tool.Run(Tool.Path("pygrub"), arguments).ExitCode, PygrubRbd.Run(arguments).ExitCode);
    }

    /// <summary>With --kernel pygrub looks at the first filesystem that it can open and at no other.</summary>
    private static bool HasOneFileSystem(string disk) => disk is not ("separate-boot" or "gpt");

    private static (string Text, string Files) Run(string program, string disk, string format, string[] options)
    {
        using ScratchFolder scratch = new();
        ToolResult result = Tool.Check(program, [.. options, $"--output-format={format}", $"--output-directory={scratch.Path}", PygrubRbd.Disk(disk)]);
        IEnumerable<string> files = Directory.GetFiles(scratch.Path).Order(StringComparer.Ordinal)
            .Select(file => $"{Random().Replace(Path.GetFileName(file), "$1")} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}");
        return (Random().Replace(result.Text.Replace(scratch.Path, "DIR", StringComparison.Ordinal), "$1"), string.Join('\n', files));
    }

    [GeneratedRegex(@"(boot_(kernel|ramdisk)\.)[A-Za-z0-9_]+")]
    private static partial Regex Random();
}

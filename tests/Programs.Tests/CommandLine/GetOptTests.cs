using System.Text;
using System.Text.Json;
using BlockRbd.BootExtract;
using BlockRbd.BootExtract.CommandLine;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.CommandLine;

public sealed class GetOptTests
{
    private const string Python = """
        import getopt, json, sys
        longs = ["quiet", "interactive", "list-entries", "not-really", "help", "output=", "output-format=", "output-directory=",
                 "offset=", "runas=", "entry=", "kernel=", "ramdisk=", "args=", "isconfig", "debug"]
        for line in open(sys.argv[1]):
            try:
                options, operands = getopt.gnu_getopt(json.loads(line), "qilnh", longs)
                print(json.dumps([[list(o) for o in options], operands]))
            except getopt.GetoptError as e:
                print(json.dumps(str(e)))
        """;

    // What separates one reading of a command line from another: whole and cut names, values of every form, ends, clusters.
    private static readonly string[] Words =
    [
        "-q", "-l", "-ql", "-qx", "-lnq", "-", "--", "--quiet", "--q", "--qui=1", "--output", "--output=a", "--output=", "--outp=a", "--output-f=simple",
        "--output-d", "--o", "--off=1", "--offset", "--e=0", "--entry", "--k", "--kernel=a=b", "--r=1", "--ru", "--ra=x", "--a", "--args=-q", "--i",
        "--in", "--is", "--isconfig=", "--d", "--h", "--l", "--n", "--nope", "--nope=1", "--=", "--=x", "---", "image", "second image", "", "=",
    ];

    [Fact]
    public void Splits_every_command_line_as_Pythons_getopt_does()
    {
        Random random = new(20261123);
        string[][] lines =
        [
            .. Words.Select(word => new[] { word }),
            .. Words.SelectMany(first => Words.Select(second => new[] { first, second })),
            .. Enumerable.Range(0, 3000).Select(_ => random.GetItems(Words, random.Next(3, 7))),
        ];
        using ScratchFolder scratch = new();
        string input = Path.Combine(scratch.Path, "lines");
        File.WriteAllLines(input, lines.Select(line => JsonSerializer.Serialize(line)));
        string[] expected = Tool.Check("/usr/bin/python3", "-c", Python, input).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(lines.Length, expected.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            Assert.Equal((string.Join(' ', lines[i]), Normal(expected[i])), (string.Join(' ', lines[i]), Ours(lines[i])));
        }
    }

    [Theory]
    [InlineData("--e=0", "--entry")]
    [InlineData("--en=0", "--entry")]
    public void An_option_of_our_own_makes_none_of_pygrubs_prefixes_ambiguous(string given, string name) =>
        Assert.Equal(name, Assert.Single(new GetOpt(Arguments.Letters, Arguments.Pygrub, Arguments.Own).Parse([given], false, out _)).Name);

    [Theory]
    [InlineData("--j", "--json")]
    [InlineData("--explain", "--explain")]
    [InlineData("--ex", "--explain")]
    public void Our_own_options_can_be_cut_short_too(string given, string name) =>
        Assert.Equal(name, Assert.Single(new GetOpt(Arguments.Letters, Arguments.Pygrub, Arguments.Own).Parse([given], false, out _)).Name);

    [Fact]
    public void With_POSIXLY_CORRECT_the_first_operand_ends_the_options()
    {
        List<GivenOption> options = new GetOpt("q", []).Parse(["-q", "image", "-q"], optionsFirst: true, out List<string> operands);
        Assert.Equal([new GivenOption("-q", "")], options);
        Assert.Equal(["image", "-q"], operands);
    }

    private static string Ours(string[] line)
    {
        try
        {
            List<GivenOption> options = new GetOpt(Arguments.Letters, Arguments.Pygrub).Parse(line, optionsFirst: false, out List<string> operands);
            StringBuilder text = new();
            options.ForEach(option => text.Append(option.Name).Append('\t').Append(option.Value).Append('\n'));
            return text + "|" + string.Join('\n', operands);
        }
        catch (ExtractException)
        {
            return "error";
        }
    }

    private static string Normal(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind == JsonValueKind.String)
        {
            return "error";
        }

        StringBuilder text = new();
        foreach (JsonElement option in document.RootElement[0].EnumerateArray())
        {
            text.Append(option[0].GetString()).Append('\t').Append(option[1].GetString()).Append('\n');
        }

        return text + "|" + string.Join('\n', document.RootElement[1].EnumerateArray().Select(operand => operand.GetString()));
    }
}

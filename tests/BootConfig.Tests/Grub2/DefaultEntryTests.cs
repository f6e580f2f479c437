using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Grub2;

/// <summary>Which entry boots by itself. Every row is given to the real GRUB too: the entry that it runs prints its name.</summary>
public class DefaultEntryTests
{
    private const string Menu = """
        set timeout=0
        menuentry 'First' { echo "@@First $1 $# [$default] $chosen"; halt; }
        menuentry '2 Second' second argument --id two --class x --hotkey=s { echo "@@Second $1 $2 $3 [$default] $chosen"; halt; }
        submenu 'Sub > menu' --id sub {
            menuentry 'Inner 1' --id in1 { echo "@@In1 $1 [$hidden] [$shown] $chosen"; halt; }
            menuentry 'Inner 2' $menuentry_id_option in2 { echo "@@In2 $1 $chosen"; halt; }
            submenu 'Deep' { menuentry 'Deepest' --unrestricted { echo "@@Deepest $chosen"; halt; }; }
        }
        submenu 'Own default' --id own {
            set default=1
            menuentry 'Own 1' { echo "@@Own1"; halt; }
            menuentry 'Own 2' { echo "@@Own2"; halt; }
        }
        menuentry 'last' --users root { echo "@@last"; halt; }
        set hidden=h; set shown=s; export shown; set menuentry_id_option=--id

        """;

    /// <summary>More lines of the configuration, and what the entry prints.</summary>
    public static TheoryData<string, string> Rows => new()
    {
        { "", "@@First First 1 [] First" },
        { "set default=0", "@@First First 1 [] First" },
        { "set default=1", "@@Second 2 Second second argument [] two" },
        { "set default=0x1", "@@Second 2 Second second argument [] two" },
        { "set default=01", "@@Second 2 Second second argument [] two" },
        { "set default=two", "@@Second 2 Second second argument [] two" },
        { "set default='4 title'", "@@last" },
        { "set default=99", "@@First First 1 [] First" },
        { "set default=-1", "@@First First 1 [] First" },
        { "set default=nonesuch", "@@First First 1 [] First" },
        { "set default=last", "@@last" },
        { "set default=2", "@@In1 Inner 1 [] [s] sub>in1" },
        { "set default=sub", "@@In1 Inner 1 [] [s] sub>in1" },
        { "set default='Sub >> menu'", "@@In1 Inner 1 [] [s] sub>in1" },
        { "set default='2>1'", "@@In2 Inner 2 sub>in2" },
        { "set default='sub>in2'", "@@In2 Inner 2 sub>in2" },
        { "set default='Sub >> menu>Inner 2'", "@@In2 Inner 2 sub>in2" },
        { "set default='sub>Deep>0'", "@@Deepest sub>Deep>Deepest" },
        { "set default='sub>Deep>Deepest'", "@@Deepest sub>Deep>Deepest" },
        { "set default='sub>nonesuch'", "@@In1 Inner 1 [] [s] sub>in1" },
        { "set default='1>5'", "@@Second 2 Second second argument [5] two" },
        { "set default=own", "@@Own2" },
        { "set default='own>0'", "@@Own2" },
        { "saved_entry=two; set default=\"${saved_entry}\"", "@@Second 2 Second second argument [] two" },
        { "next_entry='sub>in2'; if [ \"$next_entry\" ]; then set default=\"$next_entry\"; set next_entry=; fi", "@@In2 Inner 2 sub>in2" },
        { "menuentry --id=late --source 'echo \"@@late $1 $2\"; halt' Late arg\nset default=late", "@@late Late arg" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Boots(string lines, string expected) => Assert.Equal(expected, Marks(OurGrub.Run("configfile /menu.cfg", Disk(lines))));

    [Fact]
    public void Real_GRUB_boots_the_same_for_every_row()
    {
        using RealGrub grub = new();
        foreach (ITheoryDataRow row in Rows)
        {
            string lines = (string)row.GetData()[0]!;
            Assert.Equal((lines, (string)row.GetData()[1]!), (lines, Marks(grub.Run("configfile /menu.cfg", Disk(lines)))));
        }
    }

    // $menuentry_id_option is asked for when the submenu runs: it must be exported, as grub-mkconfig's header does.
    private static Dictionary<string, string> Disk(string lines) => new() { ["/menu.cfg"] = $"set menuentry_id_option=--id\nexport menuentry_id_option\n{Menu}{lines}\n" };

    private static string Marks(string printed) => string.Join('\n', printed.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("@@", StringComparison.Ordinal)));
}

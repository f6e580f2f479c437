using System.Globalization;
using System.Text;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Grub2;

/// <summary>Small scripts with what GRUB 2.14 prints for each. Every row is given to the real one too.</summary>
public class ScriptTableTests
{
    private static readonly Dictionary<string, string> Disk = new()
    {
        ["/d/a1"] = "one\n",
        ["/d/empty"] = "",
        ["/boot/grub/grubenv"] = "# GRUB Environment Block\nsaved=a\\\\b c\nother=2\n" + new string('#', 900),
        ["/inc.cfg"] = "echo inc $config_file\nset fromfile=1\n",
        ["/bad.cfg"] = "echo one\necho two }\necho three\n",
    };

    /// <summary>The script, and what is printed.</summary>
    public static TheoryData<string, string> Rows => new()
    {
        // Quoting and escapes.
        { """echo a\ b "c\d\$e\"f\\g" 'a\b'""", """a b c\d$e"f\g a\b""" },
        { "echo a\\\nb \\\n c", "ab c" },
        { "echo 'a\n#gone\nb'", "a\nb" },
        { """x="  p  q  "; echo [a${x}b] "[a${x}b]" """, "[ap qb] [a  p  q  b]" },
        { """echo ${nope}z '' "" end""", "z   end" },
        { """a=b; echo $"hello $a \$b" """, "hello b $b" },
        { """a=1; echo a\ b$"x $a"\ c a\\b$"x" \$a$"x" 'a\ b'$"x" """, """a\ bx 1 c a\bx $ax a\ bx""" },
        { "a='/d/a?'; echo $a \"$a\" '/d/*1' /d/a* /nope*", "/d/a1 /d/a? /d/*1 /d/a1 /nope*" },
        { "echo # comment\necho a#b", "\na#b" },
        { "echo if then fi", "if then fi" },
        { """a='x\*y'; echo $a""", """x\*y""" },

        // An error that is still to be printed: a name that is no command forgets it, a command with options fails of it.
        { "function f { echo f; }\n!; f; echo $?", "f\n0" },
        { "!; echo -n x; echo $?; !; echo a", "error: no command is specified.\n18\na\nerror: no command is specified." },
        { "!; for v in ; do echo $v; done; echo $?", "18\nerror: no command is specified." },
        { "!; for v in $nope; do echo $v; done; echo $?", "0\nerror: no command is specified." },

        // A word is read to its end before what is wrong in it counts.
        { "echo \"a $' b\nc\" d\necho e", "error: syntax error.\nerror: Incorrect command.\nerror: syntax error.\ne" },

        // tr.
        { "tr -U aBc; tr -D aBc; tr ab xy abca; v=q1; tr --set=v q z; echo $v; tr -s v -U; echo $v", "ABC\nabc\nxycx\nz1\nZ1" },
        { "tr ab xyz q; tr a b; tr; tr a b c d", "error: set sizes did not match.\nerror: missing parameters.\nerror: missing parameters.\nerror: too many parameters." },

        // Status.
        { "nosuch; echo $?; if nosuch; then echo T; fi", "error: can't find command `nosuch'.\n0\nerror: can't find command `nosuch'.\nT" },
        { "! true; echo $?; ! false; echo $?", "1\n0" },
        { "function g { return 5; }; \ng; echo $?", "error: false.\n5" },
        { "function h { false; return; }\nh; echo $?", "1" },
        { "1=foo; echo $?", "error: invalid variable name `1'.\n0" },
        { "a=b c d; echo $a $?", "b 0" },
        { "set novalue; echo $?", "error: not an assignment.\n18" },
        { "break; echo $?; break 0; echo $?; break x; echo $?", "0\nerror: can't break 0 loops.\n18\nerror: unrecognized number.\n10" },
        { "return 3; echo $?", "error: not in function body.\n18" },
        { "source /nonexist; echo $?; source; echo $?", "0\nerror: filename expected.\n18" },
        { "eval; echo $?; eval \"echo evald\"", "0\nevald" },
        { "function f { echo $# \"$@\" $2; shift; echo $1; setparams x; echo $*; }\nf a 'b c' d", "3 a b c d b c\nb c\nx" },

        { "function f { eval 'function f { echo new; }'; echo old; }\nf; f", "error: attempt to redefine a function being executed.\nold\nerror: attempt to redefine a function being executed.\nold" },

        // test.
        { "[ a = b; echo $?; test; echo $?; [ ]; echo $?; [ -z ]; echo $?; [ a -a b ]; echo $?", "1\n0\n0\n0\n0" },
        { "[ 1 -eq x ]; echo $?; [ ( a = a ) ]; echo $?; [ x10 -plt x9 ]; echo $?; [ v2 -plt v11 ]; echo $?", "1\n0\n1\n0" },
        { "[ -f /d/a1 ]; echo $?; [ -d /d ]; echo $?; [ -e /d/ ]; echo $?; [ -s /d/empty ]; echo $?; [ -f (hd0)/d ]; echo $?", "0\n0\n0\n1\n1" },
        { "[ a '<' b -a b '>=' b ]; echo $?; [ ! a = a -o x != y ]; echo $?; [ -n '' ]; echo $?", "0\n0\n1" },
        { "[ 0x10 -eq 020 ]; echo $?; [ -1 -lt 0 ]; echo $?; [ -0 -ge 0 ]; echo $?", "0\n0\n0" },

        // search.
        { "search --set=r --label disk; echo $? $r", "0 hd0" },
        { "search --set r -l disk; echo $r; search -l disk --set; echo $root", "hd0\nhd0" },
        { "search --no-floppy --fs-uuid --set=r 8F0B5A54-6B71-4F2B-9C2F-1A2B3C4D5E6F; echo $r", "hd0" },
        { "search -f /d/a1 -s q; echo $q; search.file /d/a1 w; echo $w; search.fs_label disk e; echo $e; search.fs_uuid 8f0b5a54-6b71-4f2b-9c2f-1a2b3c4d5e6f t; echo $t", "hd0\nhd0\nhd0\nhd0" },
        { "r=old; search --set=r --fs-uuid 1234; echo $? $r", "error: no such device: 1234.\n5 old" },
        { "search nope; echo $?", "error: unspecified search type.\n17" },
        { "search -f -s; echo $?", "error: one argument expected.\n18" },
        { "search --set=r --hint-xen=hd5 --hint-bios=hd7 --hint hd0 --label disk; echo $r", "hd0" },

        // regexp.
        { "regexp --set=1:m --set 2:n '^(.*),(.*)$' hd0,gpt2; echo $? $m $n", "0 hd0 gpt2" },
        { "regexp '^x+$' xxx; echo $?; regexp '(' x; echo $?; regexp a; echo $?", "0\n1\nerror: two arguments expected.\n18" },
        { "regexp -s 0:m 'b{2,3}|c' abbbb; echo $m; regexp -s m '(a|ab)(c|bcd)' abcd; echo $m", "bbb\na" },

        // The environment block.
        { "load_env; echo \"$saved\" $other", "a\\b c 2" },
        { "load_env -f /boot/grub/grubenv other; echo \"[$saved]\" $other", "[] 2" },
        { "load_env --file /d/a1; echo $?; load_env -f /nope; echo $?", "error: invalid environment block.\n4\nerror: file `/nope' not found.\n5" },

        // Variables and contexts.
        { "set root=(hd0); echo $root; unset root; echo \"[$root]\"; set root=hd0", "hd0\n[]" },
        { "source /inc.cfg; echo $fromfile", "inc (hd0)/inc.cfg\n1" },
        { "source /bad.cfg", "one\nerror: syntax error.\nerror: Incorrect command.\nerror: syntax error.\nthree" },
        { "a=1; export b; configfile /inc.cfg; echo $a [$fromfile]", "inc (hd0)/inc.cfg\n1 []" },
        { "for x in 1 2 3; do if [ $x = 2 ]; then continue; fi; echo $x; done", "1\n3" },
        { "for x in 1 2; do for y in a b; do echo $x$y; break 2; done; done; echo end", "1a\nend" },
        { "until [ x$n = xaaa ]; do n=a$n; echo $n; done", "a\naa\naaa" },
        { "probe --set=u --fs-uuid hd0; echo $u; probe -s l -l (hd0); echo $l; probe -s f -f hd0; echo $f; probe -s p -p hd0; echo $p", "8f0b5a54-6b71-4f2b-9c2f-1a2b3c4d5e6f\ndisk\next2\nnone" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Prints(string script, string expected) => Assert.Equal(Transcript.Normalize(expected + "\n"), Ours(script));

    [Fact]
    public void Real_GRUB_prints_the_same_for_every_row()
    {
        using RealGrub grub = new();
        Dictionary<string, string> files = new(Disk);
        StringBuilder config = new();
        List<string> expected = [];
        foreach ((ITheoryDataRow row, int i) in Rows.Select((row, i) => (row, i)))
        {
            files[$"/s/{i}"] = (string)row.GetData()[0]!;
            config.Append(CultureInfo.InvariantCulture, $"echo @@{i}\nunset a; unset b; unset x; unset n; unset r; unset other; unset saved; unset fromfile\nsource /s/{i}\n");
            expected.Add($"@@{i}\n{row.GetData()[1]}\n");
        }

        string real = grub.Run(config.ToString(), files, label: "disk");
        Assert.Equal(Transcript.Normalize(string.Concat(expected)), Transcript.Normalize(real));
    }

    private static string Ours(string script) => Transcript.Normalize(OurGrub.Run("source /s/0", new Dictionary<string, string>(Disk) { ["/s/0"] = script }, label: "disk"));
}

using System.Text;

namespace BlockRbd.BootConfig.Tests.Grub2;

/// <summary>
/// Random programs in GRUB's script language: quoting and expansion of every kind, all constructs, functions, tests, and
/// now and then something that is wrong. The same seed makes the same program. Every loop counts and ends.
/// </summary>
internal sealed class ScriptGenerator(int seed)
{
    private static readonly string[] Values =
    [
        "x", "", "a b", "  p  q ", "*", "/d/*", "/d/a?", "a\\*b", "1", "10", "-3", "0x1f", "c\\d", "if", "v=w", "/d/a1", "q>r",
    ];

    private static readonly string[] Words =
    [
        "foo", "bar", "'si ngle'", "\"dou ble\"", "$a", "$b", "${c}", "\"$a\"", "\"x${b}y\"", "\\$a", "\\\"", "a\\ b", "a\\b", "'it\\'", "\"\\$\\\"\\\\\"",
        "\"\\a\"", "$1", "$2", "\"$@\"", "$@", "$*", "\"$*\"", "$#", "$?", "\"$?\"", "$\"tr $a \\$b\"", "/d/*", "/d/a?", "/d/\\*", "'/d/*'", "\"/d/*\"", "/nope*",
        "/d/*/x", "(hd0)/d/b*", "x*", "if", "done", "in", "fi", "''", "\"\"", "[", "]", "!", "=", "a=b", "$a$b", "$a${c}z", "\"$a\"'$b'$c", "$nope", "\"$nope\"", "a#b",
        "${nope}x", "\\\\", "-n", "--", "0", "\\\nx", "'a\nb'", "\"c\\\nd\"", "'\n#x\n'", "~", "%", "$10", "${11}",
    ];

    private static readonly string[] Wrong = ["echo }", "fi", "echo a;; echo b", "echo $", "; echo x", "if true; then fi", "echo \"$ x\"", "echo a | echo b", "{ echo x; }", "done", "[[ a ]]"];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private int _loops;

    public string Make()
    {
        _text.Append("a='x y'; b=/d/a1; c=''\nunset nope\nfunction f { echo f; }\nfunction g { f; }\n");
        Function("f", canCall: false);
        Function("g", canCall: true);
        int count = _random.Next(3, 8);
        for (int i = 0; i < count; i++)
        {
            Statement(depth: 0, inFunction: false, canCall: true);
            _text.Append('\n');
        }

        return _text.ToString();
    }

    private void Function(string name, bool canCall)
    {
        _text.Append("function ").Append(name).Append(Pick(" {\n", "\n{ ", " { "));
        List(depth: 1, inFunction: true, canCall ? "f" : null);
        _text.Append("}\n");
    }

    private void List(int depth, bool inFunction, string? callee)
    {
        int count = _random.Next(1, 4);
        for (int i = 0; i < count; i++)
        {
            Statement(depth, inFunction, callee is not null);
            _text.Append(Pick(";\n", "\n", "; "));
        }
    }

    private void Statement(int depth, bool inFunction, bool canCall)
    {
        int kind = _random.Next(depth > 3 ? 60 : 100);
        switch (kind)
        {
            case < 22:
                _text.Append("echo ").Append(Arguments());
                break;
            case < 30:
                _text.Append(Pick("set ", "")).Append(Pick("a", "b", "c")).Append("='").Append(Pick(Values)).Append('\'');
                break;
            case < 34:
                _text.Append(Pick("set ", "")).Append(Pick("a", "b", "c")).Append('=').Append(Word());
                break;
            case < 40:
                _text.Append(Test()).Append("; echo $?");
                break;
            case < 44:
                _text.Append(canCall ? Pick("f", "g") : "true").Append(' ').Append(Arguments());
                break;
            case < 47:
                _text.Append(Pick("shift", "shift 2", "shift 0", "shift x", "setparams", "setparams 1 '2 3'")).Append("; echo $? $# $1");
                break;
            case < 50:
                _text.Append(Pick("break", "continue", "break 2", "continue 2", "break x", "break 0", "unset a", "export b", "true", "false", "! true", "! false", "!"));
                break;
            case < 52:
                _text.Append(inFunction ? Pick("return", "return 0", "return 3", "return x") : "nosuchcommand; echo $?");
                break;
            case < 54:
                _text.Append("eval ").Append(Pick("\"echo $a\"", "'echo $a'", "echo '$b' x", "'if true; then echo y; fi'", "\"a=z; echo e\"", "'fi'", "\"false\n\"", "'\nfalse\n\n'; echo $?", "\"function f { echo h; }\nfalse\nfunction f { echo i; }\"", Arguments()));
                break;
            case < 56:
                _text.Append("tr ").Append(Pick("-U", "-D", "-s a -U", "-s a", "--set=b -D", "ab xy", "-s c 'a ' b", "ab xyz", "", "-U -D", "-x")).Append(' ').Append(Arguments()).Append("; echo $? \"$a\"");
                break;
            case < 57:
                _text.Append("regexp ").Append(Regexp()).Append("; echo $? $m $n");
                break;
            case < 59:
                _text.Append("test_blockarg { echo ").Append(Arguments()).Append(Pick(" }", "; }", "\n }"));
                break;
            case < 60:
                _text.Append(Pick(Wrong));
                break;
            case < 80:
                If(depth, inFunction, canCall);
                break;
            case < 90:
                _text.Append("for v in ").Append(Arguments()).Append(Pick("; do ", "\ndo\n")).Append("echo \"<$v>\"\n");
                List(depth + 1, inFunction, canCall ? "f" : null);
                _text.Append("done");
                break;
            default:
                While(depth, inFunction, canCall);
                break;
        }
    }

    private void If(int depth, bool inFunction, bool canCall)
    {
        _text.Append("if ").Append(Condition()).Append(Pick("; then ", "\nthen\n"));
        List(depth + 1, inFunction, canCall ? "f" : null);
        if (_random.Next(3) == 0)
        {
            _text.Append("elif ").Append(Condition()).Append("; then ");
            List(depth + 1, inFunction, canCall ? "f" : null);
        }

        if (_random.Next(2) == 0)
        {
            _text.Append("else ");
            List(depth + 1, inFunction, canCall ? "f" : null);
        }

        _text.Append("fi");
    }

    private void While(int depth, bool inFunction, bool canCall)
    {
        string counter = $"n{_loops++}";
        bool until = _random.Next(2) == 0;
        _text.Append(counter).Append("=; ").Append(until ? "until" : "while").Append(" [ \"$").Append(counter).Append(until ? "\" = xxx ]" : "\" != xxx ]")
            .Append("; do\n").Append(counter).Append("=\"x$").Append(counter).Append("\"; echo w$").Append(counter).Append('\n');
        List(depth + 1, inFunction, canCall ? "f" : null);
        _text.Append("done");
    }

    private string Condition() => Pick(Test(), Test(), "true", "false", "! true", "nosuch", $"regexp {Regexp()}", "f", "echo c; false", "! test -f /d/a1", "$c", "\"$c\"");

    private string Test()
    {
        StringBuilder words = new();
        int count = _random.Next(1, 4);
        for (int i = 0; i < count; i++)
        {
            words.Append(i == 0 ? "" : Pick(" -a ", " -o ", " ")).Append(_random.Next(5) == 0 ? "! " : "");
            words.Append(_random.Next(6) == 0 ? $"( {Comparison()} )" : Comparison());
        }

        return _random.Next(3) == 0 ? $"test {words}" : $"[ {words} ]";
    }

    // No bad numbers: what they do to file tests behind them depends on the filesystem's driver.
    private string Comparison() => _random.Next(4) switch
    {
        0 => $"{Pick("-n", "-z", "-f", "-d", "-e", "-s")} {Pick("/d", "/d/a1", "/d/empty", "/d/", "(hd0)/d/a1", "/nope", "\"$a\"", "$b", "(hd0)", "/")}",
        1 => $"{Operand()} {Pick("=", "==", "!=", "<", ">", "<=", ">=").Replace("<", "'<'").Replace(">", "'>'").Replace("'<'=", "'<='").Replace("'>'=", "'>='")} {Operand()}",
        2 => $"{Pick("1", "0x1f", "010", "-3", "7")} {Pick("-eq", "-ne", "-lt", "-le", "-gt", "-ge")} {Pick("1", "31", "8", "-3", "07")}",
        _ => Pick("v2 -plt v11", "v2 -pgt v11", "a10 -plt a9", "10 -pgt 9", "x", "''", "/d/a1 -nt /nope", "/nope -ot /d/a1", "$a"),
    };

    private string Operand() => Pick("\"$a\"", "$b", "x", "y", "\"\"", "'x y'", "\"$nope\"", "/d/a1", "$1");

    private string Regexp() => Pick(
        "'^a(.*)$' abc --set=m", "-s 1:m --set 2:n '(a|b)+(c?)' xxabac", "'[[:digit:]]+' 'a12'", "-s m '(x)?y' y", "'a{2,3}' aa", "'[^a-c]' abc", "'(' x", "'b|c' abc",
        "-s 0:m 'b*' abbb", "'^$' ''", "--set 1:m '([^,]*),.*' hd0,msdos1", "-s 2:m '(a*)(a|b)*' aab", "'\\.' 'a.b'", "'a' \"$a\"", "x");

    private string Arguments()
    {
        int count = _random.Next(0, 4);
        return string.Join(' ', Enumerable.Range(0, count).Select(_ => Word()));
    }

    private string Word()
    {
        string word = Pick(Words);
        return _random.Next(5) == 0 ? word + Pick(Words) : word;
    }

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}

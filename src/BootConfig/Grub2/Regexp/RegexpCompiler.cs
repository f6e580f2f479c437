using System.Collections;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>
/// Compiles a POSIX extended regular expression with GNU's additions (<c>\w \W \s \S \b \B \&lt; \&gt;</c>), as
/// regcomp(REG_EXTENDED) of gnulib reads it. Back references are not supported.
/// </summary>
internal sealed class RegexpCompiler
{
    private const int MaxRepeats = 255; // RE_DUP_MAX is 32767; nobody means that.
    private const int MaxNesting = 50;

    private readonly string _text;
    private readonly int _maxSteps;
    private readonly List<RegexpStep> _steps = [];
    private int _at;
    private int _groups;
    private int _nesting;

    private RegexpCompiler(string text, int maxSteps)
    {
        _text = text;
        _maxSteps = maxSteps;
    }

    /// <summary>Compiles.</summary>
    /// <exception cref="RegexpException">It is none.</exception>
    public static RegexpProgram Compile(string text, int maxSteps)
    {
        RegexpCompiler compiler = new(text, maxSteps);
        Node tree = compiler.ParseAlternatives();
        if (compiler._at < text.Length)
        {
            throw new RegexpException("Unmatched ) or \\)");
        }

        compiler.Emit(tree);
        compiler.Add(new RegexpStep(RegexpOperation.Match));
        return new RegexpProgram(compiler._steps, compiler._groups);
    }

    private bool AtEnd => _at == _text.Length;

    private Node ParseAlternatives()
    {
        if (++_nesting > MaxNesting)
        {
            throw new RegexpException("brackets too deep");
        }

        List<Node> alternatives = [ParseSequence()];
        while (!AtEnd && _text[_at] == '|')
        {
            _at++;
            alternatives.Add(ParseSequence());
        }

        _nesting--;
        return alternatives.Count == 1 ? alternatives[0] : new Alternatives(alternatives);
    }

    private Sequence ParseSequence()
    {
        List<Node> nodes = [];
        while (!AtEnd && _text[_at] != '|' && !(_text[_at] == ')' && _nesting > 1))
        {
            Node node = ParseAtom();
            while (!AtEnd && ParseRepeat() is { } repeat)
            {
                node = new Repeat(node, repeat.Min, repeat.Max);
            }

            nodes.Add(node);
        }

        return new Sequence(nodes);
    }

    private Node ParseAtom()
    {
        char c = _text[_at++];
        switch (c)
        {
            case '(':
                int group = ++_groups;
                Node inner = ParseAlternatives();
                if (AtEnd)
                {
                    throw new RegexpException("Unmatched ( or \\(");
                }

                _at++;
                return new Group(group, inner);
            case '.':
                return new Characters(Set(static _ => true));
            case '^':
                return new Assertion(RegexpOperation.AtStart);
            case '$':
                return new Assertion(RegexpOperation.AtEnd);
            case '[':
                return new Characters(BracketExpression.Parse(_text, ref _at));
            case '\\':
                return ParseEscape();
            case '*' or '+' or '?':
                throw new RegexpException("Invalid preceding regular expression");
            default:
                return new Characters(Set(x => x == c));
        }
    }

    private Node ParseEscape()
    {
        if (AtEnd)
        {
            throw new RegexpException("Trailing backslash");
        }

        char c = _text[_at++];
        return c switch
        {
            'w' => new Characters(Set(IsWord)),
            'W' => new Characters(Set(static x => !IsWord(x))),
            's' => new Characters(Set(char.IsWhiteSpace)),
            'S' => new Characters(Set(static x => !char.IsWhiteSpace(x))),
            'b' => new Assertion(RegexpOperation.AtWordBoundary),
            'B' => new Assertion(RegexpOperation.NotAtWordBoundary),
            '<' => new Assertion(RegexpOperation.AtWordStart),
            '>' => new Assertion(RegexpOperation.AtWordEnd),
            '`' => new Assertion(RegexpOperation.AtStart),
            '\'' => new Assertion(RegexpOperation.AtEnd),
            >= '1' and <= '9' => throw new RegexpException("back references are not supported"),
            _ => new Characters(Set(x => x == c)),
        };
    }

    /// <summary>A repetition sign; a brace that begins no interval is a character.</summary>
    private (int Min, int Max)? ParseRepeat()
    {
        switch (_text[_at])
        {
            case '*':
                _at++;
                return (0, -1);
            case '+':
                _at++;
                return (1, -1);
            case '?':
                _at++;
                return (0, 1);
            case '{':
                return ParseInterval();
            default:
                return null;
        }
    }

    private (int Min, int Max)? ParseInterval()
    {
        int at = _at + 1;
        int? min = Number(ref at);
        int? max = min;
        if (at < _text.Length && _text[at] == ',')
        {
            at++;
            max = Number(ref at) ?? -1;
            min ??= 0;
        }

        if (at >= _text.Length || _text[at] != '}' || min is null)
        {
            return null;
        }

        if (max >= 0 && max < min)
        {
            throw new RegexpException("Invalid content of \\{\\}");
        }

        if (min > MaxRepeats || max > MaxRepeats)
        {
            throw new RegexpException("Regular expression too big");
        }

        _at = at + 1;
        return (min.Value, max!.Value);
    }

    private int? Number(ref int at)
    {
        int start = at;
        int number = 0;
        while (at < _text.Length && char.IsAsciiDigit(_text[at]))
        {
            number = Math.Min((number * 10) + (_text[at++] - '0'), MaxRepeats + 1);
        }

        return at == start ? null : number;
    }

    private int Add(RegexpStep step)
    {
        if (_steps.Count == _maxSteps)
        {
            throw new RegexpException("Regular expression too big");
        }

        step.Next = _steps.Count + 1;
        _steps.Add(step);
        return _steps.Count - 1;
    }

    /// <summary>Emits steps that go on behind themselves.</summary>
    private void Emit(Node node)
    {
        switch (node)
        {
            case Characters characters:
                Add(new RegexpStep(RegexpOperation.Take) { Set = characters.Set });
                break;
            case Assertion assertion:
                Add(new RegexpStep(assertion.Operation));
                break;
            case Sequence sequence:
                foreach (Node part in sequence.Parts)
                {
                    Emit(part);
                }

                break;
            case Group group:
                Add(new RegexpStep(RegexpOperation.Save) { Other = 2 * group.Number });
                Emit(group.Inner);
                Add(new RegexpStep(RegexpOperation.Save) { Other = (2 * group.Number) + 1 });
                break;
            case Alternatives alternatives:
                EmitAlternatives(alternatives);
                break;
            case Repeat repeat:
                EmitRepeat(repeat);
                break;
        }
    }

    private void EmitAlternatives(Alternatives alternatives)
    {
        List<int> ends = [];
        for (int i = 0; i < alternatives.Choices.Count; i++)
        {
            bool last = i == alternatives.Choices.Count - 1;
            int split = last ? -1 : Add(new RegexpStep(RegexpOperation.Split));
            Emit(alternatives.Choices[i]);
            if (!last)
            {
                // A split with one way is a jump.
                ends.Add(Add(new RegexpStep(RegexpOperation.Split)));
                _steps[split].Other = _steps.Count;
            }
        }

        foreach (int end in ends)
        {
            _steps[end].Next = _steps.Count;
            _steps[end].Other = _steps.Count;
        }
    }

    private void EmitRepeat(Repeat repeat)
    {
        for (int i = 0; i < repeat.Min; i++)
        {
            Emit(repeat.Inner);
        }

        if (repeat.Max < 0)
        {
            int split = Add(new RegexpStep(RegexpOperation.Split));
            Emit(repeat.Inner);
            int back = Add(new RegexpStep(RegexpOperation.Split));
            _steps[back].Next = split;
            _steps[back].Other = split;
            _steps[split].Other = _steps.Count;
            return;
        }

        List<int> splits = [];
        for (int i = repeat.Min; i < repeat.Max; i++)
        {
            splits.Add(Add(new RegexpStep(RegexpOperation.Split)));
            Emit(repeat.Inner);
        }

        foreach (int split in splits)
        {
            _steps[split].Other = _steps.Count;
        }
    }

    internal static BitArray Set(Func<char, bool> has)
    {
        BitArray set = new(256);
        for (int i = 0; i < 256; i++)
        {
            set[i] = has((char)i) && i != 0;
        }

        return set;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private abstract record Node;

    private sealed record Characters(BitArray Set) : Node;

    private sealed record Assertion(RegexpOperation Operation) : Node;

    private sealed record Sequence(IReadOnlyList<Node> Parts) : Node;

    private sealed record Group(int Number, Node Inner) : Node;

    private sealed record Alternatives(IReadOnlyList<Node> Choices) : Node;

    private sealed record Repeat(Node Inner, int Min, int Max) : Node;
}

namespace BlockRbd.BootConfig.Grub2;

/// <summary>
/// <c>test</c> and <c>[</c>, as grub-core/commands/test.c goes through its words: operators are looked for at each
/// place with three words first, then two, then one; <c>-a</c> means nothing, <c>-o</c> begins anew.
/// </summary>
internal static class TestCommand
{
    private const int MaxDepth = 100; // MAX_TEST_RECURSION_DEPTH

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table = [new("test", Run), new("[", Run)];

    private static GrubError Run(GrubMachine machine, CommandCall call)
    {
        IReadOnlyList<string> words = call.Arguments is [.., "]"] ? [.. call.Arguments.SkipLast(1)] : call.Arguments;
        Expression expression = new(machine, call, words);
        bool result = expression.Parse();
        return result ? GrubError.None : machine.Fail(GrubError.TestFailure, "false", call);
    }

    private sealed class Expression(GrubMachine machine, CommandCall call, IReadOnlyList<string> words)
    {
        private int _at;
        private int _depth;

        /// <summary>Evaluates up to a closing bracket or the end.</summary>
        public bool Parse()
        {
            bool or = false;
            bool and = true;
            bool invert = false;
            while (_at < words.Count)
            {
                if (TryOperator() is { } value)
                {
                    and &= value != invert;
                    invert = false;
                    continue;
                }

                string word = words[_at++];
                switch (word)
                {
                    case ")":
                        _depth = Math.Max(0, _depth - 1);
                        return or || and;
                    case "(" when ++_depth > MaxDepth:
                        machine.Fail(GrubError.OutOfRange, "max recursion depth exceeded", call);
                        _depth--;
                        return or || and;
                    case "(":
                        and &= Parse() != invert;
                        invert = false;
                        break;
                    case "!":
                        invert = !invert;
                        break;
                    case "-a":
                        break;
                    case "-o":
                        or |= and;
                        and = true;
                        break;
                    default:
                        and &= (word.Length > 0) != invert;
                        invert = false;
                        break;
                }
            }

            return or || and;
        }

        private bool? TryOperator()
        {
            if (_at + 2 < words.Count && Binary(words[_at], words[_at + 1], words[_at + 2]) is { } binary)
            {
                _at += 3;
                return binary;
            }

            if (_at + 1 < words.Count && Unary(words[_at], words[_at + 1]) is { } unary)
            {
                _at += 2;
                return unary;
            }

            return null;
        }

        private bool? Binary(string left, string name, string right) => name switch
        {
            "=" or "==" => left == right,
            "!=" => left != right,
            "<" => string.CompareOrdinal(left, right) < 0,
            "<=" => string.CompareOrdinal(left, right) <= 0,
            ">" => string.CompareOrdinal(left, right) > 0,
            ">=" => string.CompareOrdinal(left, right) >= 0,
            "-eq" => Signed(left) == Signed(right),
            "-ge" => Signed(left) >= Signed(right),
            "-gt" => Signed(left) > Signed(right),
            "-le" => Signed(left) <= Signed(right),
            "-lt" => Signed(left) < Signed(right),
            "-ne" => Signed(left) != Signed(right),
            "-pgt" or "-plt" => BehindPrefix(left, right, greater: name == "-pgt"),
            _ when name.StartsWith("-nt", StringComparison.Ordinal) || name.StartsWith("-ot", StringComparison.Ordinal) =>
                IsNewer(left, right, newer: name[1] == 'n', bias: name.Length > 3 ? Signed(name[3..]) : 0),
            _ => null,
        };

        private bool? Unary(string name, string operand) => name switch
        {
            "-d" => Look(operand) is { IsDirectory: true },
            "-e" => Look(operand) is not null,
            "-f" => Look(operand) is { IsDirectory: false },
            "-s" => LookAnew(operand) is { IsDirectory: false, Size: not 0 },
            "-n" => operand.Length > 0,
            "-z" => operand.Length == 0,
            _ => null,
        };

        /// <summary>A folder's slashes at the end don't count; a device alone is a folder.</summary>
        private BootFileStat? Look(string name)
        {
            if (machine.Error != GrubError.None)
            {
                return null; // After a bad number GRUB's filesystems find nothing until the command ends.
            }

            (string? device, string path) = GrubFiles.Split(name);
            string clean = path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";
            return machine.StatQuietly(device is null ? clean : $"({device}){clean}", call.Position);
        }

        /// <summary>Opening a file, which -s does, forgets what went wrong before.</summary>
        private BootFileStat? LookAnew(string name)
        {
            machine.ClearError();
            return Look(name);
        }

        private bool IsNewer(string left, string right, bool newer, int bias)
        {
            BootFileStat? first = Look(left);
            BootFileStat? second = Look(right);
            if (first is null || second is null)
            {
                return newer ? first is not null && second is null : first is null && second is not null;
            }

            if (first.Value.ModifiedSeconds is not { } firstTime || second.Value.ModifiedSeconds is not { } secondTime)
            {
                return false; // A filesystem without times.
            }

            return newer ? firstTime + bias > secondTime : firstTime + bias < secondTime;
        }

        /// <summary>Numbers behind a common prefix; digits that the prefix ends with belong to the numbers.</summary>
        private bool BehindPrefix(string left, string right, bool greater)
        {
            int common = 0;
            while (common < left.Length && common < right.Length && left[common] == right[common])
            {
                common++;
            }

            int at = common - 1;
            while (at > 0 && at < left.Length && char.IsAsciiDigit(left[at]))
            {
                at--;
            }

            at++;
            ulong first = Unsigned(left.AsSpan(at));
            ulong second = Unsigned(right.AsSpan(at));
            return greater ? first > second : first < second;
        }

        /// <summary>grub_strtosl: an int, whatever the text says; no number is 0 and leaves an error behind.</summary>
        private int Signed(string text) => text.StartsWith('-')
            ? unchecked(-(int)Unsigned(text.AsSpan(1)))
            : unchecked((int)Unsigned(text));

        private ulong Unsigned(ReadOnlySpan<char> text)
        {
            ulong number = GrubNumbers.Parse(text, 0, out _, out GrubError error);
            if (error != GrubError.None)
            {
                machine.Fail(error, FlowCommands.Complaint(error), call);
            }

            return number;
        }
    }
}

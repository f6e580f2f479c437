using System.Collections;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>What a step of a compiled expression does.</summary>
internal enum RegexpOperation
{
    /// <summary>Takes one character of <see cref="RegexpStep.Set"/>.</summary>
    Take,

    /// <summary>Goes on at <see cref="RegexpStep.Next"/>, or else at <see cref="RegexpStep.Other"/>.</summary>
    Split,

    /// <summary>Notes the place in slot <see cref="RegexpStep.Other"/>.</summary>
    Save,
    AtStart,
    AtEnd,
    AtWordBoundary,
    NotAtWordBoundary,
    AtWordStart,
    AtWordEnd,
    Match,
}

/// <summary>One step.</summary>
internal sealed class RegexpStep(RegexpOperation operation)
{
    public RegexpOperation Operation { get; } = operation;

    public int Next { get; set; } = -1;

    public int Other { get; set; } = -1;

    /// <summary>256 bits.</summary>
    public BitArray? Set { get; init; }
}

/// <summary>A compiled expression.</summary>
/// <param name="Steps">The steps; the first one is where it starts.</param>
/// <param name="Groups">Brackets in it.</param>
internal sealed record RegexpProgram(IReadOnlyList<RegexpStep> Steps, int Groups)
{
    /// <summary>
    /// The leftmost match, and of those the longest (POSIX). Inside it, each repetition and then each alternative takes
    /// what it can in turn, which is POSIX's choice for all but alternatives where the first that fits is shorter.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="work">Steps times characters that may be tried; what is left of it comes back.</param>
    /// <param name="slots">Start and end of the whole and of each group; -1 where one took no part.</param>
    /// <exception cref="RegexpException">More work than allowed.</exception>
    public bool Find(string text, ref long work, out int[] slots)
    {
        slots = [];
        if ((long)Steps.Count * (text.Length + 1) > work)
        {
            throw new RegexpException("too much work for this text");
        }

        for (int start = 0; start <= text.Length; start++)
        {
            work -= Steps.Count;
            int end = LongestEnd(text, start, ref work);
            if (end >= 0)
            {
                slots = Trace(text, start, end);
                return true;
            }
        }

        return false;
    }

    private int LongestEnd(string text, int start, ref long work)
    {
        int end = -1;
        List<int> current = [];
        bool[] seen = new bool[Steps.Count];
        Follow(0, text, start, seen, current);
        for (int at = start; current.Count > 0; at++)
        {
            List<int> next = [];
            seen = new bool[Steps.Count];
            work -= Steps.Count;
            if (work < 0)
            {
                throw new RegexpException("too much work for this text");
            }

            foreach (int step in current)
            {
                if (Steps[step].Operation == RegexpOperation.Match)
                {
                    end = at;
                }
                else if (at < text.Length && Steps[step].Set!.Get(text[at] & 0xFF))
                {
                    Follow(Steps[step].Next, text, at + 1, seen, next);
                }
            }

            current = next;
        }

        return end;
    }

    /// <summary>All steps that take a character, or match, that can be reached without one.</summary>
    private void Follow(int from, string text, int at, bool[] seen, List<int> reached)
    {
        Stack<int> pending = new([from]);
        while (pending.TryPop(out int index))
        {
            if (seen[index])
            {
                continue;
            }

            seen[index] = true;
            RegexpStep step = Steps[index];
            if (step.Operation is RegexpOperation.Take or RegexpOperation.Match)
            {
                reached.Add(index);
            }
            else if (Holds(step.Operation, text, at))
            {
                if (step.Operation == RegexpOperation.Split)
                {
                    pending.Push(step.Other);
                }

                pending.Push(step.Next);
            }
        }
    }

    /// <summary>The way from <paramref name="start"/> to <paramref name="end"/> that prefers Next; each step is tried once for each place.</summary>
    private int[] Trace(string text, int start, int end)
    {
        int[] slots = new int[2 * (Groups + 1)];
        Array.Fill(slots, -1);
        BitArray tried = new(Steps.Count * (end - start + 1));
        Stack<(int Step, int At, int Slot, int Old)> pending = new([(0, start, -1, 0)]);
        while (pending.TryPop(out (int Step, int At, int Slot, int Old) now))
        {
            if (now.Slot >= 0)
            {
                slots[now.Slot] = now.Old;
                continue;
            }

            int key = ((now.At - start) * Steps.Count) + now.Step;
            if (tried[key])
            {
                continue;
            }

            tried[key] = true;
            RegexpStep step = Steps[now.Step];
            switch (step.Operation)
            {
                case RegexpOperation.Match when now.At == end:
                    slots[0] = start;
                    slots[1] = end;
                    return slots;
                case RegexpOperation.Match:
                    break;
                case RegexpOperation.Take when now.At < end && step.Set!.Get(text[now.At] & 0xFF):
                    pending.Push((step.Next, now.At + 1, -1, 0));
                    break;
                case RegexpOperation.Take:
                    break;
                case RegexpOperation.Split:
                    pending.Push((step.Other, now.At, -1, 0));
                    pending.Push((step.Next, now.At, -1, 0));
                    break;
                case RegexpOperation.Save:
                    pending.Push((0, 0, step.Other, slots[step.Other]));
                    slots[step.Other] = now.At;
                    pending.Push((step.Next, now.At, -1, 0));
                    break;
                default:
                    if (Holds(step.Operation, text, now.At))
                    {
                        pending.Push((step.Next, now.At, -1, 0));
                    }

                    break;
            }
        }

        return slots;
    }

    private static bool Holds(RegexpOperation operation, string text, int at)
    {
        bool before = at > 0 && IsWord(text[at - 1]);
        bool after = at < text.Length && IsWord(text[at]);
        return operation switch
        {
            RegexpOperation.AtStart => at == 0,
            RegexpOperation.AtEnd => at == text.Length,
            RegexpOperation.AtWordBoundary => before != after,
            RegexpOperation.NotAtWordBoundary => before == after,
            RegexpOperation.AtWordStart => !before && after,
            RegexpOperation.AtWordEnd => before && !after,
            _ => true,
        };
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}

/// <summary>An expression is wrong, or can't be worked out within the limits. Never leaves this folder.</summary>
internal sealed class RegexpException(string problem) : Exception(problem);

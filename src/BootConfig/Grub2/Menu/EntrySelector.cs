namespace BlockRbd.BootConfig.Grub2;

/// <summary>The text of $default: a number, a title or an id, and behind a ">" the same for the submenu; ">>" is a ">" of a name.</summary>
internal static class EntrySelector
{
    /// <summary>The entry's number as GRUB's menu finds it: what begins with a number is one.</summary>
    /// <returns>Null where nothing is named; may be beyond the last entry.</returns>
    public static int? Find(IReadOnlyList<EntryDefinition> entries, string selector)
    {
        ulong number = GrubNumbers.Parse(selector, 0, out _, out GrubError error);
        return error switch
        {
            GrubError.None => unchecked((int)number),
            GrubError.BadNumber => FindNamed(entries, selector),
            _ => null,
        };
    }

    /// <summary>
    /// The same in Red Hat's GRUB: an id comes first, then a title, and only then a number ("Fix menu entry selection based on
    /// ID and title"). Ids there begin with the machine-id, which begins with a digit more often than not.
    /// </summary>
    public static int? FindNamesFirst(IReadOnlyList<EntryDefinition> entries, string selector) =>
        FindFirst(entries, entry => Names(entry.Id, selector))
        ?? FindFirst(entries, entry => Names(entry.Title, selector))
        ?? Find(entries, selector);

    /// <summary>
    /// The same for a person who names an entry: a title that begins with a digit is meant before the number is.
    /// </summary>
    public static int? FindForPerson(IReadOnlyList<EntryDefinition> entries, string selector)
    {
        GrubNumbers.Parse(selector, 0, out int used, out _);
        bool isNumber = used > 0 && (used == selector.Length || selector[used] == '>');
        return (isNumber ? null : FindNamed(entries, selector)) ?? Find(entries, selector);
    }

    /// <summary>What stands behind the first single ">", or null.</summary>
    public static string? Rest(string? selector)
    {
        for (int i = 0; i < selector?.Length; i++)
        {
            if (selector[i] != '>')
            {
                continue;
            }

            if (i + 1 < selector.Length && selector[i + 1] == '>')
            {
                i++;
                continue;
            }

            return i + 1 < selector.Length ? selector[(i + 1)..] : null;
        }

        return null;
    }

    private static int? FindNamed(IReadOnlyList<EntryDefinition> entries, string selector) =>
        FindFirst(entries, entry => Names(entry.Title, selector) || Names(entry.Id, selector));

    private static int? FindFirst(IReadOnlyList<EntryDefinition> entries, Predicate<EntryDefinition> isNamed)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (isNamed(entries[i]))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>menuentry_eq.</summary>
    private static bool Names(string name, string selector)
    {
        int at = 0;
        for (int i = 0; i < selector.Length; i++)
        {
            if (selector[i] == '>')
            {
                if (i + 1 >= selector.Length || selector[i + 1] != '>')
                {
                    return at == name.Length;
                }

                i++;
            }

            if (at == name.Length || name[at++] != selector[i])
            {
                return false;
            }
        }

        return at == name.Length;
    }
}

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

    private static int? FindNamed(IReadOnlyList<EntryDefinition> entries, string selector)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (Names(entries[i].Title, selector) || Names(entries[i].Id, selector))
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

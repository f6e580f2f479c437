namespace BlockRbd.BootConfig.Grub2;

/// <summary>
/// The variables of one context. submenu, configfile and the like open a new one that begins with the exported
/// variables and is dropped at their end (grub-core/normal/context.c).
/// </summary>
internal sealed class GrubEnvironment(int maxCharacters)
{
    /// <summary>Variables with a hook in GRUB: unsetting one makes it empty.</summary>
    private static readonly HashSet<string> Hooked =
    [
        "root", "prefix", "pager", "color_normal", "color_highlight", "lang", "locale_dir", "secondary_locale_dir",
    ];

    private readonly Dictionary<string, Variable> _variables = [];
    private int _characters;

    /// <summary>Names and values, for <c>set</c> without arguments, in strcmp's order.</summary>
    public IEnumerable<(string Name, string Value)> Sorted() =>
        _variables.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value.Value));

    /// <summary>A variable's value, or null.</summary>
    public string? Get(string name) => _variables.TryGetValue(name, out Variable variable) ? variable.Value : null;

    /// <summary>Sets a variable; an exported one stays exported.</summary>
    /// <returns>False where the variables together would grow beyond their ceiling.</returns>
    public bool Set(string name, string value)
    {
        // grub_env_write_root: a device in brackets loses them.
        if (name == "root" && value is ['(', .. string device, ')'])
        {
            value = device;
        }

        bool known = _variables.TryGetValue(name, out Variable old);
        int growth = known ? value.Length - old.Value.Length : value.Length + name.Length;
        if (growth > maxCharacters - _characters)
        {
            return false;
        }

        _characters += growth;
        _variables[name] = new Variable(value, old.IsExported);
        return true;
    }

    public void Unset(string name)
    {
        if (!_variables.TryGetValue(name, out Variable old))
        {
            return;
        }

        if (Hooked.Contains(name))
        {
            Set(name, "");
            return;
        }

        _characters -= old.Value.Length + name.Length;
        _variables.Remove(name);
    }

    /// <summary>Marks a variable for new contexts; one that isn't set becomes empty.</summary>
    public bool Export(string name)
    {
        string value = Get(name) ?? "";
        bool done = Set(name, value);
        if (done)
        {
            _variables[name] = new Variable(_variables[name].Value, IsExported: true);
        }

        return done;
    }

    /// <summary>A copy of everything.</summary>
    public GrubEnvironment Clone() => Copy(static (_, variable) => variable);

    /// <summary>A new context: the exported variables only, or all of them and all exported (extract_entries_source).</summary>
    public GrubEnvironment Inherit(bool all) =>
        Copy((_, variable) => all || variable.IsExported ? new Variable(variable.Value, IsExported: true) : null);

    private GrubEnvironment Copy(Func<string, Variable, Variable?> pick)
    {
        GrubEnvironment copy = new(maxCharacters);
        foreach ((string name, Variable variable) in _variables)
        {
            if (pick(name, variable) is { } kept)
            {
                copy._variables[name] = kept;
                copy._characters += name.Length + kept.Value.Length;
            }
        }

        return copy;
    }

    private readonly record struct Variable(string Value, bool IsExported);
}

namespace BlockRbd.BootConfig;

/// <summary>One line of a boot menu: an entry, or a submenu with entries below it.</summary>
public abstract class BootEntry
{
    /// <summary>Title as the menu shows it, one character a byte.</summary>
    public abstract string Title { get; }

    /// <summary>The id: GRUB's <c>--id</c>, a BLS entry's file name without ".conf"; empty where there is none.</summary>
    public abstract string Id { get; }

    /// <summary>Place in the menu, counted from 0, below its parents: "1>0".</summary>
    public abstract string Index { get; }

    /// <summary>Where it is written: "(hd0,msdos1)/boot/grub/grub.cfg:112:1".</summary>
    public abstract string Origin { get; }

    /// <summary>Whether it opens a submenu.</summary>
    public abstract bool IsSubmenu { get; }

    /// <summary>The entries of a submenu (its body is run when this is asked for the first time); empty for an entry.</summary>
    public abstract IReadOnlyList<BootEntry> Children { get; }

    /// <summary>The key that chooses it at once; NUL where it has none.</summary>
    public virtual char Hotkey => '\0';

    /// <summary>Who may choose it where the menu is protected: null for everybody, else names (GRUB's --users), to which the superusers are added.</summary>
    public virtual string? Users => null;

    /// <summary>The commands as the loader's own editor shows them, without a newline at the end; null where the loader has no such editor.</summary>
    public virtual string? Commands => null;

    /// <summary>The entry with other commands, as the loader's editor starts them; nothing is written to the guest.</summary>
    /// <exception cref="BootConfigException">They can't be read.</exception>
    /// <exception cref="NotSupportedException"><see cref="Commands"/> is null.</exception>
    public virtual BootEntry WithCommands(string commands) => throw new NotSupportedException();

    /// <summary>Runs the entry and says what it boots.</summary>
    /// <exception cref="BootConfigException">It fails in a way that keeps its loader from booting it.</exception>
    public abstract BootPlan Plan();
}

namespace BlockRbd.BootExtract.Menu;

/// <summary>The guest's side of the menu: it reads and runs what the menu asks for, in this process or in the one that reads the guest.</summary>
/// <remarks>
/// Entries are called by numbers that this side gives out. Texts hold a byte in each character, may be anything that a guest can write, and are
/// made harmless where they are drawn. Whatever goes wrong in the guest is a <see cref="MenuGuestException"/>: it is shown, and the menu goes on.
/// </remarks>
internal interface IMenuGuest
{
    /// <summary>The menu.</summary>
    MenuFacts Open();

    /// <summary>The entries of a submenu.</summary>
    IReadOnlyList<MenuItem> Enter(int entry);

    /// <summary>An entry's commands for the editor, lines without a newline at the end.</summary>
    string Commands(int entry);

    /// <summary>An entry's kernel command line.</summary>
    string Arguments(int entry);

    /// <summary>The entry with other commands.</summary>
    MenuItem WithCommands(int entry, string commands);

    /// <summary>The entry with another command line.</summary>
    MenuItem WithArguments(int entry, string arguments);

    /// <summary>Begins a new session at the loader's command line.</summary>
    void BeginPrompt();

    /// <summary>Runs a line there.</summary>
    PromptReply Prompt(string line);

    /// <summary>Chooses an entry: that all of its files are there is known when this returns.</summary>
    void Choose(int entry);
}

/// <summary>What was asked for can't be had of the guest.</summary>
/// <param name="message">Why; may hold anything.</param>
/// <param name="inner">What it comes from.</param>
internal sealed class MenuGuestException(string message, Exception? inner = null) : Exception(message, inner);

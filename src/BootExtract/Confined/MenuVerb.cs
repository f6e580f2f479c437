namespace BlockRbd.BootExtract.Confined;

/// <summary>First texts of the menu's questions and replies; <see cref="Menu.IMenuGuest"/> has what they mean.</summary>
internal static class MenuVerb
{
    public const string Open = "open";
    public const string Enter = "enter";
    public const string Commands = "commands";
    public const string Arguments = "arguments";
    public const string WithCommands = "with commands";
    public const string WithArguments = "with arguments";
    public const string BeginPrompt = "begin prompt";
    public const string Prompt = "prompt";
    public const string Choose = "choose";

    /// <summary>The last question, which has no reply: what was chosen is copied.</summary>
    public const string GoChosen = "go chosen";

    /// <summary>The same: what boots by itself is copied.</summary>
    public const string GoDefault = "go default";

    /// <summary>A reply; the rest is the answer.</summary>
    public const string Done = "done";

    /// <summary>A reply; the rest is why.</summary>
    public const string Refused = "refused";
}

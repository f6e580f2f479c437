using BlockRbd.BootExtract.Menu;

namespace BlockRbd.Programs.Tests.Menu;

/// <summary>A guest's side of the menu in a few lines, which remembers what it was asked.</summary>
internal sealed class FakeGuest(params string[] titles) : IMenuGuest
{
    public List<string> Asked { get; } = [];

    public MenuFacts Facts { get; init; } = new(
        "GRUB 2  (hd0)/boot/grub/grub.cfg", [], "0", TimeoutSeconds: 5, "menu", EscapeOnly: true, AllowsEditing: true, HasPrompt: true, Protection: null);

    /// <summary>Entry 1's --users; everybody may choose the others.</summary>
    public string? Users { get; init; }

    public string CommandsOfAll { get; init; } = "linux /vmlinuz ro\ninitrd /initrd";

    public MenuFacts Open() => Facts with { Items = [.. titles.Select((title, number) => Item(number, title))] };

    public IReadOnlyList<MenuItem> Enter(int entry) => [new(100, $"{entry}>0", "Inner one", false, '\0', null), new(101, $"{entry}>1", "Inner two", false, '\0', null)];

    public string Commands(int entry) => CommandsOfAll;

    public string Arguments(int entry) => "ro quiet";

    public MenuItem WithCommands(int entry, string commands) => Edited($"{entry} with commands {commands}");

    public MenuItem WithArguments(int entry, string arguments) => Edited($"{entry} with arguments {arguments}");

    public void BeginPrompt() => Asked.Add("prompt");

    public PromptReply Prompt(string line)
    {
        Asked.Add(line);
        return new PromptReply($"you said {line}\n", Boots: null, Items: null);
    }

    public void Choose(int entry)
    {
        Asked.Add($"boot {entry}");
        if (entry == 2)
        {
            throw new MenuGuestException("file `/nothing' not found \x1b[2J");
        }
    }

    private MenuItem Edited(string what)
    {
        Asked.Add(what);
        return new MenuItem(200, "", "edited", false, '\0', "");
    }

    private MenuItem Item(int number, string title) =>
        new(number, $"{number}", title, title.StartsWith("Sub", StringComparison.Ordinal), title == "Hot" ? 'h' : '\0', number == 1 ? Users : null);
}

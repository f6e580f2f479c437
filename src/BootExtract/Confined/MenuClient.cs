using BlockRbd.BootExtract.Menu;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Confined;

/// <summary>The guest's side of the menu where another process reads the guest.</summary>
/// <param name="questions">The pipe to it.</param>
/// <param name="replies">The pipe from it.</param>
internal sealed class MenuClient(SafeFileHandle questions, SafeFileHandle replies) : IMenuGuest
{
    public MenuFacts Open() => Ask(MenuWire.Facts, MenuVerb.Open);

    public IReadOnlyList<MenuItem> Enter(int entry) => Ask(MenuWire.Items, MenuVerb.Enter, MenuWire.Text(entry));

    public string Commands(int entry) => Ask(Edited, MenuVerb.Commands, MenuWire.Text(entry));

    public string Arguments(int entry) => Ask(Edited, MenuVerb.Arguments, MenuWire.Text(entry));

    public MenuItem WithCommands(int entry, string commands) => Ask(MenuWire.Item, MenuVerb.WithCommands, MenuWire.Text(entry), commands);

    public MenuItem WithArguments(int entry, string arguments) => Ask(MenuWire.Item, MenuVerb.WithArguments, MenuWire.Text(entry), arguments);

    public void BeginPrompt() => Ask(static _ => true, MenuVerb.BeginPrompt);

    public PromptReply Prompt(string line) => Ask(MenuWire.Reply, MenuVerb.Prompt, line);

    public void Choose(int entry) => Ask(static _ => true, MenuVerb.Choose, MenuWire.Text(entry));

    /// <summary>The menu is over and its terminal free: the other process goes on with what was chosen, or with the guest's own choice.</summary>
    public void Go(bool isChosen) => MessagePipe.Send(questions, [isChosen ? MenuVerb.GoChosen : MenuVerb.GoDefault]);

    private static string Edited(Queue<string?> texts) =>
        texts.Required() is { Length: <= MenuLimits.MaxEditedCharacters } text ? text : throw new MenuGuestException("this is too long to be edited");

    private T Ask<T>(Func<Queue<string?>, T> take, params string?[] question)
    {
        MessagePipe.Send(questions, question);
        Queue<string?> reply = MessagePipe.Receive(replies, MenuLimits.MaxMessageBytes, MenuLimits.MaxTexts);
        if (reply.Required() == MenuVerb.Refused)
        {
            throw new MenuGuestException(reply.Required());
        }

        T taken = take(reply);
        return reply.Count == 0 ? taken : throw TextMessage.Broken();
    }
}

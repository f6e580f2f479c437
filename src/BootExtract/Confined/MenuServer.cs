using BlockRbd.BootExtract.Menu;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Confined;

/// <summary>Answers the menu's questions in the process that reads the guest.</summary>
/// <param name="questions">The pipe that they come from.</param>
/// <param name="replies">The pipe to the menu.</param>
internal sealed class MenuServer(SafeFileHandle questions, SafeFileHandle replies)
{
    /// <summary>Answers until the menu is over.</summary>
    /// <returns>Whether an entry was chosen.</returns>
    /// <exception cref="StageGoneException">The menu's process is gone.</exception>
    public bool Run(IMenuGuest guest)
    {
        while (true)
        {
            Queue<string?> question = MessagePipe.Receive(questions, MenuLimits.MaxMessageBytes, MenuLimits.MaxTexts);
            string verb = question.Required();
            if (verb is MenuVerb.GoChosen or MenuVerb.GoDefault)
            {
                return verb == MenuVerb.GoChosen;
            }

            List<string?> reply = [MenuVerb.Done];
            try
            {
                Answer(guest, verb, question, reply);
                int bytes = reply.Sum(text => sizeof(int) + (text?.Length ?? 0));
                reply = bytes < MenuLimits.MaxMessageBytes ? reply : [MenuVerb.Refused, "this is too long to be shown"];
            }
            catch (MenuGuestException e)
            {
                reply = [MenuVerb.Refused, e.Message];
            }

            MessagePipe.Send(replies, reply);
        }
    }

    private static void Answer(IMenuGuest guest, string verb, Queue<string?> question, List<string?> reply)
    {
        int Entry() => MenuWire.Number(question.Required(), MenuLimits.MaxEntries);
        switch (verb)
        {
            case MenuVerb.Open:
                MenuWire.Add(reply, guest.Open());
                break;
            case MenuVerb.Enter:
                MenuWire.Add(reply, guest.Enter(Entry()));
                break;
            case MenuVerb.Commands:
                reply.Add(guest.Commands(Entry()));
                break;
            case MenuVerb.Arguments:
                reply.Add(guest.Arguments(Entry()));
                break;
            case MenuVerb.WithCommands:
                MenuWire.Add(reply, guest.WithCommands(Entry(), question.Required()));
                break;
            case MenuVerb.WithArguments:
                MenuWire.Add(reply, guest.WithArguments(Entry(), question.Required()));
                break;
            case MenuVerb.BeginPrompt:
                guest.BeginPrompt();
                break;
            case MenuVerb.Prompt:
                MenuWire.Add(reply, guest.Prompt(question.Required()));
                break;
            case MenuVerb.Choose:
                guest.Choose(Entry());
                break;
            default:
                throw TextMessage.Broken();
        }
    }
}

using System.Text;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>GRUB's command line (grub-core/normal/main.c, grub_normal_reader): one machine runs every line, with the menu's variables to begin with.</summary>
internal sealed class Grub2Prompt : ILoaderPrompt
{
    private static readonly ScriptPosition Here = new("command line", 1, 1);

    private readonly GrubSession _session;
    private readonly BootFile _config;
    private readonly StringBuilder _printed = new();
    private GrubMachine _machine;

    /// <param name="session">What it shares with the menu.</param>
    /// <param name="state">The menu's variables and functions.</param>
    /// <param name="config">The configuration.</param>
    public Grub2Prompt(GrubSession session, MachineState state, BootFile config)
    {
        _session = session with
        {
            Options = session.Options with { Output = text => _printed.Append(text), ErrorOutput = text => _printed.Append($"error: {GuestText.FromShown(text)}.\n") },
        };
        _config = config;
        _machine = Start(state);
    }

    /// <inheritdoc/>
    public PromptAnswer Run(string line)
    {
        _printed.Clear();
        try
        {
            _machine.RunText(ScriptSource.Made(line, Here));
            return new PromptAnswer(_printed.ToString());
        }
        catch (RunStop stop)
        {
            GrubMachine stopped = _machine;
            _machine = Start(stopped.Capture()); // if it can't boot, the prompt goes on
            return stop.Reason switch
            {
                MenuShown shown => new PromptAnswer(_printed.ToString(), Entries: new ShownMenu(_session, shown.Menu, shown.State, "", 0).Entries),
                ForeignMenuShown foreign => new PromptAnswer(_printed.ToString(), Entries: foreign.Menu.Entries),
                _ => new PromptAnswer(_printed.ToString(), Boots: new ImmediateEntry(stopped, stop.Reason, _config)),
            };
        }
    }

    private GrubMachine Start(MachineState state) => new(_session.Host, _session.Options, new Messages(_session.Options.Limits.Warnings), state);
}

using System.CommandLine;
using BlockRbd.Mapper.Attach;

namespace BlockRbd.Mapper.People;

/// <summary>The words that people type. `add` and `remove` are libxl's and never come here.</summary>
internal static class CommandLine
{
    private const string TargetHelp =
        "What stands after target= in a disk line: pool:image, pool/image or pool/namespace/image, with @snapshot, then ,option=value. See block-rbd(8).";

    /// <summary>The whole command line, with its help.</summary>
    public static RootCommand Build()
    {
        RootCommand root = new(
            """
            Attaches Ceph RBD images to Xen domains.

            libxl runs 'block-rbd add' and 'block-rbd remove' for every disk of the form
              disk = [ 'script=block-rbd,vdev=xvda,target=pool:image' ]
            The commands below are for people: they show and mend what is attached on this host.

            Exit codes: 0 done, 1 usage, 2 not found, 3 in use, 4 unsupported, 5 denied, 6 timeout, 7 failed,
            8 something is left ('recover' tries again), 9 problems found.
            """)
        {
            Status(), Locks(), Unlock(), Recover(), Check(), Resolve(),
        };
        return root;
    }

    private static Command Status()
    {
        Option<bool> json = Json();
        Option<bool> offline = new("--offline") { Description = "Do not ask the cluster for locks and watchers." };
        Option<int> timeout = Timeout(20);
        Command command = new("status", "Shows the disks attached on this host, and all that does not fit. Lines that begin with ! are problems.")
        {
            json, offline, timeout,
        };
        command.SetAction(parsed => Run(parsed, timeout, s => StatusCommand.Run(s, parsed.GetValue(json), parsed.GetValue(offline), Console.Out)));
        return command;
    }

    private static Command Locks()
    {
        Argument<string> pool = new("POOL") { Description = "A pool, or pool/namespace; with ,id= and the other options of a target." };
        Option<bool> json = Json();
        Option<int> timeout = Timeout(60);
        Command command = new("locks", "Shows who has which image of a pool attached, on all hosts.") { pool, json, timeout };
        command.SetAction(parsed => Run(parsed, timeout, s => LocksCommand.Run(s, parsed.GetRequiredValue(pool), parsed.GetValue(json), Console.Out)));
        return command;
    }

    private static Command Unlock()
    {
        Argument<string> image = new("IMAGE") { Description = TargetHelp };
        Option<bool> fence = new("--fence")
        {
            Description = "Blocklist every client that still has the image open, before the lock is broken. It loses ALL its images in this cluster for an hour.",
        };
        Option<int> timeout = Timeout(30);
        Command command = new(
            "unlock",
            "Breaks the attach lock of an image whose holder will not release it: a host that is gone for good. Shows what is known of the holder, "
            + "and refuses while a client has the image open. Detach it properly wherever that can still be done.")
        {
            image, fence, timeout,
        };
        command.SetAction(parsed => Run(parsed, timeout, s => UnlockCommand.Run(s, parsed.GetRequiredValue(image), parsed.GetValue(fence), Console.Out)));
        return command;
    }

    private static Command Recover()
    {
        Option<bool> json = Json();
        Option<int> timeout = Timeout(60);
        Command command = new(
            "recover", "Lets go of what was left by attaches that were killed or of a former boot. What a domain has is not touched. Run at boot, and any time.")
        {
            json, timeout,
        };
        command.SetAction(parsed => Run(parsed, timeout, s => RecoverCommand.Run(s, parsed.GetValue(json), Console.Out)));
        return command;
    }

    private static Command Check()
    {
        Argument<string> target = new("TARGET") { Description = TargetHelp };
        Option<bool> readOnly = new("--read-only") { Description = "As for a disk with access=ro." };
        Option<bool> json = Json();
        Option<int> timeout = Timeout(30);
        Command command = new("check", "Checks everything that an attach would check, and shows how long each step takes, without attaching.")
        {
            target, readOnly, json, timeout,
        };
        command.SetAction(parsed =>
            Run(parsed, timeout, s => new CheckCommand(s, parsed.GetValue(json), Console.Out).Run(parsed.GetRequiredValue(target), parsed.GetValue(readOnly))));
        return command;
    }

    private static Command Resolve()
    {
        Argument<string> target = new("TARGET") { Description = TargetHelp };
        Option<bool> json = Json();
        Option<int> timeout = Timeout(10);
        Command command = new("resolve", "Shows how a target is understood, with the defaults of block-rbd.conf, and its device on this host. Asks no cluster.")
        {
            target, json, timeout,
        };
        command.SetAction(parsed => Run(parsed, timeout, s => ResolveCommand.Run(s, parsed.GetRequiredValue(target), parsed.GetValue(json), Console.Out)));
        return command;
    }

    private static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    private static Option<int> Timeout(int seconds) => new("--timeout")
    {
        Description = "Seconds after which it gives up.", HelpName = "SECONDS", DefaultValueFactory = _ => seconds,
    };

    private static int Run(ParseResult parsed, Option<int> timeout, Func<Session, ExitCode> work)
    {
        try
        {
            int seconds = parsed.GetValue(timeout);
            if (seconds is < 1 or > 3600)
            {
                throw new MapperException(ExitCode.Usage, $"--timeout is {seconds}, not a number of seconds from 1 to 3600");
            }

            using Session session = new(HostPaths.FromEnvironment(), TimeSpan.FromSeconds(seconds));
            session.Log.Subject = parsed.CommandResult.Command.Name;
            session.Patience.HeedSignals();
            return (int)work(session);
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"block-rbd: {Failures.SentenceOf(e)}");
            return (int)Failures.CodeOf(e);
        }
    }
}

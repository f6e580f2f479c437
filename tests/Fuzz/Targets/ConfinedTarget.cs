using BlockRbd.BootExtract;
using BlockRbd.BootExtract.CommandLine;
using BlockRbd.BootExtract.Confined;
using BlockRbd.BootExtract.Menu;
using BlockRbd.BootExtract.Output;
using BlockRbd.TwoStages;

namespace BlockRbd.Fuzz.Targets;

/// <summary>What the process with the privileges takes from the one that reads the guest.</summary>
internal static class ConfinedTarget
{
    private const int MaxInput = 16 << 10;

    private static readonly ScreenText Screen = new(utf8: true);

    private static readonly EntryDescription Entry = new("1>0", "Debian", "debian-id", "(hd0,gpt2)", "/vmlinuz", ["/initrd.img"], "ro quiet", null);

    /// <summary>The answer.</summary>
    public static FuzzTarget Answer { get; } = new("answer", UseAnswer, typeof(StageException))
    {
        MaxLength = MaxInput,
        Seeds = static () => [AnswerMessage.Write(new BootAnswer("/boot/vmlinuz", ["/initrd"], "root=/dev/xvda1 ro", null)), AnswerMessage.Write(new BootAnswer("k", [], "", Entry))],
    };

    /// <summary>The menu's replies: the first byte says what was asked.</summary>
    public static FuzzTarget Menu { get; } = new("menu-wire", UseMenu, typeof(StageException), typeof(MenuGuestException)) { MaxLength = MaxInput, Seeds = Replies };

    private static void UseAnswer(byte[] input)
    {
        BootAnswer answer = AnswerMessage.Read(input);
        _ = JsonAnswers.Answer("/run/kernel", answer.Ramdisks.Count == 0 ? null : "/run/ramdisk", answer);
        foreach (OutputFormat format in Enum.GetValues<OutputFormat>())
        {
            try
            {
                _ = AnswerText.Format(format, "/run/kernel", "/run/ramdisk", answer.Arguments);
            }
            catch (ExtractException) // values that would break the answer's format are refused
            {
            }
        }
    }

    private static void UseMenu(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        Queue<string?> texts = TextMessage.Read(input.AsSpan(1), MenuLimits.MaxTexts);
        switch (input[0] % 4)
        {
            case 0:
                MenuFacts facts = MenuWire.Facts(texts);
                _ = Screen.Fit(facts.Heading, 80).Length + facts.Items.Sum(static item => Screen.Pad(item.Title, 80).Length);
                break;
            case 1:
                _ = MenuWire.Items(texts).Count;
                break;
            case 2:
                _ = MenuWire.Item(texts).Title.Length;
                break;
            default:
                _ = Screen.Cells(MenuWire.Reply(texts).Text).Count;
                break;
        }
    }

    private static IEnumerable<byte[]> Replies()
    {
        MenuItem item = new(1, "1>0", "Debian GNU/Linux", IsSubmenu: false, 'd', null);
        yield return Message(0, texts => MenuWire.Add(texts, new MenuFacts("GRUB 2", [item], "0", 5, "menu", EscapeOnly: true, AllowsEditing: true, HasPrompt: true, null)));
        yield return Message(1, texts => MenuWire.Add(texts, (IReadOnlyList<MenuItem>)[item, item with { Entry = 2, IsSubmenu = true, Users = "root" }]));
        yield return Message(2, texts => MenuWire.Add(texts, item));
        yield return Message(3, texts => MenuWire.Add(texts, new PromptReply("grub> \e[2J", item, [item])));
    }

    private static byte[] Message(byte what, Action<List<string?>> add)
    {
        List<string?> texts = [];
        add(texts);
        return [what, .. TextMessage.Write(texts)];
    }
}

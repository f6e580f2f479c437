using System.Globalization;
using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Menu;
using BlockRbd.TwoStages;

namespace BlockRbd.BootExtract.Confined;

/// <summary>The menu's values as texts of a message. What comes in is checked: it is the answer of a process that a guest may have taken over.</summary>
internal static class MenuWire
{
    /// <summary>Adds a menu.</summary>
    public static void Add(List<string?> texts, MenuFacts facts)
    {
        texts.AddRange([
            facts.Heading, facts.DefaultIndex, facts.TimeoutSeconds is { } seconds ? Text(seconds) : null, facts.Style, Text(facts.EscapeOnly),
            Text(facts.AllowsEditing), Text(facts.HasPrompt), facts.Protection is { } protection ? Text(protection.Superusers.Count) : null]);
        if (facts.Protection is { Superusers: var superusers, Users: var users })
        {
            texts.AddRange(superusers);
            texts.Add(Text(users.Count));
            texts.AddRange(users.SelectMany(user => new[] { user.Name, Text((int)user.Kind), user.Secret }));
        }

        Add(texts, facts.Items);
    }

    /// <summary>Adds entries.</summary>
    public static void Add(List<string?> texts, IReadOnlyList<MenuItem> items)
    {
        texts.Add(Text(items.Count));
        foreach (MenuItem item in items)
        {
            Add(texts, item);
        }
    }

    /// <summary>Adds an entry.</summary>
    public static void Add(List<string?> texts, MenuItem item) =>
        texts.AddRange([Text(item.Entry), item.Index, item.Title, Text(item.IsSubmenu), item.Hotkey == '\0' ? "" : item.Hotkey.ToString(), item.Users]);

    /// <summary>Adds what came of a line.</summary>
    public static void Add(List<string?> texts, PromptReply reply)
    {
        texts.AddRange([reply.Text, Text(reply.Boots is not null), Text(reply.Items is not null)]);
        if (reply.Boots is { } boots)
        {
            Add(texts, boots);
        }

        if (reply.Items is { } items)
        {
            Add(texts, items);
        }
    }

    /// <summary>Takes a menu.</summary>
    /// <exception cref="ExtractException">It is none.</exception>
    public static MenuFacts Facts(Queue<string?> texts)
    {
        string heading = texts.Required();
        string defaultIndex = texts.Required();
        int? timeout = texts.Optional() is { } seconds ? Number(seconds, int.MaxValue) : null;
        string style = texts.Required();
        bool escapeOnly = Flag(texts);
        bool allowsEditing = Flag(texts);
        bool hasPrompt = Flag(texts);
        MenuProtection? protection = texts.Optional() is { } superusers ? Protection(texts, Number(superusers, MenuLimits.MaxUsers)) : null;
        return new MenuFacts(heading, Items(texts), defaultIndex, timeout, style, escapeOnly, allowsEditing, hasPrompt, protection);
    }

    /// <summary>Takes entries.</summary>
    /// <exception cref="ExtractException">They are none.</exception>
    public static IReadOnlyList<MenuItem> Items(Queue<string?> texts) => Several(texts, Number(texts.Required(), MenuLimits.MaxItems), Item);

    /// <summary>Takes an entry.</summary>
    /// <exception cref="ExtractException">It is none.</exception>
    public static MenuItem Item(Queue<string?> texts) => new(
        Number(texts.Required(), MenuLimits.MaxEntries), texts.Required(), texts.Required(), Flag(texts),
        texts.Required() switch
        {
            "" => '\0',
            [char key] => key,
            _ => throw TextMessage.Broken(),
        },
        texts.Optional());

    /// <summary>Takes what came of a line.</summary>
    /// <exception cref="ExtractException">It isn't.</exception>
    public static PromptReply Reply(Queue<string?> texts)
    {
        string text = texts.Required();
        bool boots = Flag(texts);
        bool shows = Flag(texts);
        return new PromptReply(text, boots ? Item(texts) : null, shows ? Items(texts) : null);
    }

    /// <summary>A number as text.</summary>
    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number from 0 on.</summary>
    /// <exception cref="ExtractException">It is none, or larger.</exception>
    public static int Number(string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= max ? number : throw TextMessage.Broken();

    private static string Text(bool flag) => flag ? "1" : "0";

    private static bool Flag(Queue<string?> texts) => Number(texts.Required(), 1) == 1;

    private static MenuProtection Protection(Queue<string?> texts, int superusers) => new(
        Several(texts, superusers, TextMessage.Required),
        Several(texts, Number(texts.Required(), MenuLimits.MaxUsers), static texts =>
            new MenuUser(texts.Required(), (PasswordKind)Number(texts.Required(), (int)PasswordKind.Pbkdf2), texts.Required())));

    private static List<T> Several<T>(Queue<string?> texts, int count, Func<Queue<string?>, T> one)
    {
        List<T> all = [];
        while (all.Count < count)
        {
            all.Add(one(texts)); // ends at the last text: no count makes more than the message holds
        }

        return all;
    }
}

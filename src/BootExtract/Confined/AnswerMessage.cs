using System.Globalization;
using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Output;
using BlockRbd.TwoStages;

namespace BlockRbd.BootExtract.Confined;

/// <summary>An answer on its way from the process that reads the guest to the one that keeps the privileges.</summary>
/// <remarks>
/// The reader may be the guest's by then, so nothing here is believed: counts and lengths have ceilings, and what the texts say is only ever
/// formatted, with the same refusals as without --runas. They never name a file outside.
/// </remarks>
internal static class AnswerMessage
{
    /// <summary>Bytes of a message. A command line that Linux takes has at most 4096.</summary>
    public const int MaxBytes = 1 << 20;

    private const int MaxTexts = 10_000;

    /// <summary>Puts an answer into bytes.</summary>
    public static byte[] Write(BootAnswer answer)
    {
        List<string?> texts = [answer.Kernel, answer.Arguments, Count(answer.Ramdisks), .. answer.Ramdisks];
        if (answer.Entry is { } entry)
        {
            texts.AddRange([entry.Index, entry.Title, entry.Id, entry.Device, entry.Kernel, entry.Arguments, entry.What, Text(entry.KernelSlice),
                Count(entry.Initrds), .. entry.Initrds, .. entry.InitrdSlices.Select(Text)]);
        }

        return TextMessage.Write(texts);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="StageException">It isn't one.</exception>
    public static BootAnswer Read(ReadOnlySpan<byte> message)
    {
        Queue<string?> texts = TextMessage.Read(message, MaxTexts);
        string kernel = texts.Required();
        string arguments = texts.Required();
        return new BootAnswer(kernel, Listed(texts), arguments, texts.Count == 0 ? null : Entry(texts));
    }

    private static EntryDescription Entry(Queue<string?> texts)
    {
        string index = texts.Required();
        string title = texts.Required();
        string id = texts.Required();
        string? device = texts.Optional();
        string? kernel = texts.Optional();
        string? arguments = texts.Optional();
        string? what = texts.Optional();
        FileSlice? kernelSlice = Slice(texts.Optional());
        List<string> initrds = Listed(texts);
        return new EntryDescription(index, title, id, device, kernel, initrds, arguments, what)
        {
            KernelSlice = kernelSlice,
            InitrdSlices = [.. texts.Select(Slice)],
        };
    }

    /// <summary>A count, and so many texts.</summary>
    private static List<string> Listed(Queue<string?> texts)
    {
        int listed = int.TryParse(texts.Required(), out int count) && count >= 0 && count <= texts.Count ? count : throw TextMessage.Broken();
        List<string> list = [];
        while (list.Count < listed)
        {
            list.Add(texts.Required());
        }

        return list;
    }

    /// <summary>"OFFSET LENGTH NAME".</summary>
    private static string? Text(FileSlice? slice) =>
        slice is null ? null : string.Create(CultureInfo.InvariantCulture, $"{slice.Offset} {slice.Length} {slice.Name}");

    private static FileSlice? Slice(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string[] parts = text.Split(' ', 3);
        return parts.Length == 3 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? new FileSlice(parts[2], offset, length)
            : throw TextMessage.Broken();
    }

    private static string Count(IReadOnlyList<string> texts) => texts.Count.ToString(CultureInfo.InvariantCulture);
}

using System.Buffers.Binary;
using System.Globalization;
using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Output;

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

    /// <summary>Puts an answer into bytes: a count, then each text behind its length (four bytes, little-endian).</summary>
    public static byte[] Write(BootAnswer answer)
    {
        List<string?> texts = [answer.Kernel, answer.Arguments, Count(answer.Ramdisks), .. answer.Ramdisks];
        if (answer.Entry is { } entry)
        {
            texts.AddRange([entry.Index, entry.Title, entry.Id, entry.Device, entry.Kernel, entry.Arguments, entry.What, Text(entry.KernelSlice),
                Count(entry.Initrds), .. entry.Initrds, .. entry.InitrdSlices.Select(Text)]);
        }

        using MemoryStream message = new();
        WriteNumber(message, texts.Count);
        foreach (string? text in texts)
        {
            WriteNumber(message, text?.Length ?? -1);
            message.Write(GuestText.ToBytes(text ?? ""));
        }

        return message.ToArray();
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="ExtractException">It isn't one.</exception>
    public static BootAnswer Read(ReadOnlySpan<byte> message)
    {
        Queue<string?> texts = Texts(message);
        string kernel = Required(texts);
        string arguments = Required(texts);
        return new BootAnswer(kernel, Listed(texts), arguments, texts.Count == 0 ? null : Entry(texts));
    }

    private static EntryDescription Entry(Queue<string?> texts)
    {
        string index = Required(texts);
        string title = Required(texts);
        string id = Required(texts);
        string? device = Optional(texts);
        string? kernel = Optional(texts);
        string? arguments = Optional(texts);
        string? what = Optional(texts);
        FileSlice? kernelSlice = Slice(Optional(texts));
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
        int listed = int.TryParse(Required(texts), out int count) && count >= 0 && count <= texts.Count ? count : throw Broken();
        List<string> list = [];
        while (list.Count < listed)
        {
            list.Add(Required(texts));
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
            : throw Broken();
    }

    private static Queue<string?> Texts(ReadOnlySpan<byte> message)
    {
        int count = Number(ref message);
        if (count is < 0 or > MaxTexts)
        {
            throw Broken();
        }

        Queue<string?> texts = new();
        while (texts.Count < count)
        {
            int length = Number(ref message);
            if (length < -1 || length > message.Length)
            {
                throw Broken();
            }

            texts.Enqueue(length < 0 ? null : GuestText.FromBytes(message[..length]));
            message = message[Math.Max(0, length)..];
        }

        return message.IsEmpty ? texts : throw Broken();
    }

    private static string Count(IReadOnlyList<string> texts) => texts.Count.ToString(CultureInfo.InvariantCulture);

    private static string Required(Queue<string?> texts) => Optional(texts) ?? throw Broken();

    private static string? Optional(Queue<string?> texts) => texts.TryDequeue(out string? text) ? text : throw Broken();

    private static int Number(ref ReadOnlySpan<byte> message)
    {
        if (!BinaryPrimitives.TryReadInt32LittleEndian(message, out int number))
        {
            throw Broken();
        }

        message = message[sizeof(int)..];
        return number;
    }

    private static void WriteNumber(MemoryStream message, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        message.Write(bytes);
    }

    private static ExtractException Broken() => new(ExitCode.Internal, "the process that reads the guest gave no proper answer");
}

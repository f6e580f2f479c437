using System.Buffers.Binary;
using BlockRbd.BootConfig;

namespace BlockRbd.TwoStages;

/// <summary>Texts on their way between the two processes: a count, then each text behind its length (four bytes, little-endian; -1 for null).</summary>
public static class TextMessage
{
    /// <summary>Puts texts into bytes. They hold a byte in each character.</summary>
    public static byte[] Write(IReadOnlyCollection<string?> texts)
    {
        using MemoryStream message = new();
        WriteNumber(message, texts.Count);
        foreach (string? text in texts)
        {
            WriteNumber(message, text?.Length ?? -1);
            message.Write(GuestText.ToBytes(text ?? ""));
        }

        return message.ToArray();
    }

    /// <summary>Reads them.</summary>
    /// <param name="message">All the bytes.</param>
    /// <param name="maxTexts">More of them are no message.</param>
    /// <exception cref="StageException">It is none.</exception>
    public static Queue<string?> Read(ReadOnlySpan<byte> message, int maxTexts)
    {
        int count = Number(ref message);
        if (count < 0 || count > maxTexts)
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

    /// <summary>The next text, which may be null.</summary>
    public static string? Optional(this Queue<string?> texts) => texts.TryDequeue(out string? text) ? text : throw Broken();

    /// <summary>The next text.</summary>
    public static string Required(this Queue<string?> texts) => texts.Optional() ?? throw Broken();

    /// <summary>What is said of a message that is none.</summary>
    public static StageException Broken() => new(StageFault.Broken, "the process that reads the guest gave no proper answer");

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
}

using System.Globalization;
using BlockRbd.MenuLstGen.Output;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.MenuLstGen.Confined;

/// <summary>The other side of <see cref="PipeOutput"/>. Nothing is believed: names name a file in one directory, counts and lengths have ceilings, the menu is text.</summary>
/// <param name="pipe">The answer's pipe.</param>
internal sealed class PipeAnswer(SafeFileHandle pipe)
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Takes the initrds as they come.</summary>
    /// <param name="output">Where they go.</param>
    /// <returns>The menu; null where the other process ended before it had one, and has told why.</returns>
    /// <exception cref="StageException">It is no proper answer.</exception>
    public string? Receive(IGenOutput output)
    {
        try
        {
            for (int initrds = 0; ; initrds++)
            {
                Queue<string?> message = MessagePipe.Receive(pipe, AnswerLimits.MaxMessageBytes, AnswerLimits.MaxTexts);
                switch (message.Required())
                {
                    case PipeOutput.InitrdVerb when initrds < AnswerLimits.MaxInitrds:
                        output.Initrd(
                            new MergedName(message.Required(), Name(message.Required()), (int)Number(message.Required(), AnswerLimits.MaxParts)),
                            new PipedContent(pipe, Number(message.Required(), MergedInitrd.MaxBytes)));
                        break;
                    case PipeOutput.MenuVerb:
                        return Menu(message.Required());
                    default:
                        throw TextMessage.Broken();
                }
            }
        }
        catch (StageGoneException)
        {
            return null;
        }
    }

    /// <summary>A file's name, and no way to another directory.</summary>
    private static string Name(string name) =>
        name.Length is > 0 and <= AnswerLimits.MaxNameBytes && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\0') ? name : throw TextMessage.Broken();

    /// <summary>Lines of text that can't pass for the marks around them.</summary>
    private static string Menu(string text) =>
        text.Length <= AnswerLimits.MaxMenuBytes && text.EndsWith('\n') && !MarkedBlock.HasMark(text) && !text.Any(static c => char.IsControl(c) && c is not ('\n' or '\t') && c < 0x80)
            ? text
            : throw TextMessage.Broken();

    private static long Number(string text, long max) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= max ? number : throw TextMessage.Broken();

    private sealed class PipedContent(SafeFileHandle pipe, long size) : IMergedContent
    {
        public long Size => size;

        public void CopyTo(Action<ReadOnlyMemory<byte>> write)
        {
            byte[] buffer = new byte[BufferBytes];
            for (long left = size; left > 0;)
            {
                Memory<byte> piece = buffer.AsMemory(0, (int)Math.Min(left, buffer.Length));
                if (!DescriptorPieces.TryRead(pipe, piece.Span))
                {
                    throw new StageGoneException();
                }

                write(piece);
                left -= piece.Length;
            }
        }
    }
}

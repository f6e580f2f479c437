using System.Buffers.Binary;
using BlockRbd.BootExtract.Menu;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Confined;

/// <summary>Questions and replies of the menu on pipes: each a length (four bytes, little-endian) and a <see cref="TextMessage"/>.</summary>
internal static class MenuPipe
{
    /// <summary>Sends a message.</summary>
    /// <exception cref="ReaderGoneException">Nobody reads it.</exception>
    public static void Send(SafeFileHandle pipe, IReadOnlyCollection<string?> texts)
    {
        byte[] message = TextMessage.Write(texts);
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, message.Length);
        if (!DescriptorPieces.TryWrite(pipe, [.. length, .. message]))
        {
            throw new ReaderGoneException();
        }
    }

    /// <summary>Receives one.</summary>
    /// <exception cref="ReaderGoneException">The other end is gone.</exception>
    /// <exception cref="ExtractException">It is none, or larger than any.</exception>
    public static Queue<string?> Receive(SafeFileHandle pipe)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(ReadExactly(pipe, sizeof(int)));
        return length is >= 0 and <= MenuLimits.MaxMessageBytes
            ? TextMessage.Read(ReadExactly(pipe, length), MenuLimits.MaxTexts)
            : throw TextMessage.Broken();
    }

    private static byte[] ReadExactly(SafeFileHandle pipe, int count)
    {
        byte[] bytes = new byte[count];
        return DescriptorPieces.TryRead(pipe, bytes) ? bytes : throw new ReaderGoneException();
    }
}

/// <summary>The process at the other end of the menu's pipes is gone.</summary>
internal sealed class ReaderGoneException() : Exception("the process at the other end is gone");

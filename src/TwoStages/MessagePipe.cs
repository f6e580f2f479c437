using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.TwoStages;

/// <summary>Messages on pipes: each a length (four bytes, little-endian) and a <see cref="TextMessage"/>.</summary>
public static class MessagePipe
{
    /// <summary>Sends a message.</summary>
    /// <exception cref="StageGoneException">Nobody reads it.</exception>
    public static void Send(SafeFileHandle pipe, IReadOnlyCollection<string?> texts)
    {
        byte[] message = TextMessage.Write(texts);
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, message.Length);
        if (!DescriptorPieces.TryWrite(pipe, [.. length, .. message]))
        {
            throw new StageGoneException();
        }
    }

    /// <summary>Receives one.</summary>
    /// <param name="pipe">The pipe.</param>
    /// <param name="maxBytes">Longer ones are none.</param>
    /// <param name="maxTexts">Nor are those with more texts.</param>
    /// <exception cref="StageGoneException">The other end is gone.</exception>
    /// <exception cref="StageException">It is none, or larger than any.</exception>
    public static Queue<string?> Receive(SafeFileHandle pipe, int maxBytes, int maxTexts)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(ReadExactly(pipe, sizeof(int)));
        return length >= 0 && length <= maxBytes ? TextMessage.Read(ReadExactly(pipe, length), maxTexts) : throw TextMessage.Broken();
    }

    private static byte[] ReadExactly(SafeFileHandle pipe, int count)
    {
        byte[] bytes = new byte[count];
        return DescriptorPieces.TryRead(pipe, bytes) ? bytes : throw new StageGoneException();
    }
}

/// <summary>The process at the other end of a pipe is gone.</summary>
public sealed class StageGoneException() : Exception("the process at the other end is gone");

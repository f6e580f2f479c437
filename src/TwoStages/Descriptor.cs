using System.Runtime.InteropServices;
using BlockRbd.BootConfig;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.TwoStages;

/// <summary>
/// Writes to descriptors by hand: System.Console starts threads, which a process that has given up its rights may not be able to start, and
/// it decodes and encodes what must pass through as bytes.
/// </summary>
public static class Descriptor
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>Writes all of it.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="name">Its name for the error.</param>
    /// <param name="bytes">What.</param>
    /// <exception cref="StageException">It can't be written.</exception>
    public static void WriteAll(SafeFileHandle file, string name, ReadOnlySpan<byte> bytes)
    {
        if (!DescriptorPieces.TryWrite(file, bytes))
        {
            throw Failed(name);
        }
    }

    /// <summary>What the last call's errno says about an output.</summary>
    public static StageException Failed(string name) => new(
        StageFault.Output,
        Marshal.GetLastPInvokeError() switch
        {
            Libc.ENOSPC => $"{name}: no space left: make room there, or give another --output-directory",
            Libc.EPIPE => $"{name}: nobody reads it any more",
            int error => $"{name}: {Marshal.GetPInvokeErrorMessage(error)}",
        });

    /// <summary>Prints guest text (a byte in each character) on standard output.</summary>
    public static void Print(string text)
    {
        using SafeFileHandle output = new(StandardOutput, ownsHandle: false);
        WriteAll(output, "standard output", GuestText.ToBytes(text));
    }

    /// <summary>Prints a message on standard error. What can't be said there can't be said at all.</summary>
    public static void Complain(string message)
    {
        using SafeFileHandle errors = new(StandardError, ownsHandle: false);
        _ = Libc.Write(errors, System.Text.Encoding.UTF8.GetBytes(message + "\n"));
    }
}

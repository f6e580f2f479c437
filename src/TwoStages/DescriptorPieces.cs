using System.Runtime.InteropServices;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.TwoStages;

/// <summary>Whole pieces over a descriptor, however many calls they take.</summary>
public static class DescriptorPieces
{
    /// <summary>Fills the buffer.</summary>
    /// <returns>False where the other end was closed, or failed, before it was full.</returns>
    public static bool TryRead(SafeFileHandle file, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint count = Libc.Read(file, buffer);
            if (count > 0)
            {
                buffer = buffer[(int)count..];
            }
            else if (count == 0 || Marshal.GetLastPInvokeError() != Libc.EINTR)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes all of it.</summary>
    /// <returns>False, with errno, where it can't be written: nobody reads it any more, or no space is left.</returns>
    public static bool TryWrite(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint count = Libc.Write(file, bytes);
            if (count >= 0)
            {
                bytes = bytes[(int)count..];
            }
            else if (Marshal.GetLastPInvokeError() != Libc.EINTR)
            {
                return false;
            }
        }

        return true;
    }
}

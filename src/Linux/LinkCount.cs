using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    private const uint StatxNlink = 0x4;

    /// <summary>How many names an open file still has (stx_nlink of statx(2)): 0 once it was removed.</summary>
    /// <returns>-1 with errno where it fails.</returns>
    public static long LinkCount(SafeFileHandle file)
    {
        byte[] buffer = new byte[StatxBytes];
        return StatX(file, "", AtEmptyPath, StatxNlink, buffer) < 0 ? -1 : BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(0x10));
    }
}

using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    private const uint StatxType = 0x1;

    /// <summary>The numbers of the block device that an open file is (stx_rdev_major and stx_rdev_minor of statx(2)); null where it is none.</summary>
    public static (int Major, int Minor)? BlockDeviceOf(SafeFileHandle file)
    {
        byte[] buffer = new byte[StatxBytes];
        return StatX(file, "", AtEmptyPath, StatxType, buffer) == 0 && (BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(0x1C)) & S_IFMT) == S_IFBLK
            ? ((int)BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(0x80)), (int)BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(0x84)))
            : null;
    }
}

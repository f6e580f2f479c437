using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

/// <summary>The fields of struct statx that are used.</summary>
/// <param name="Mode">stx_mode: type and permission bits.</param>
/// <param name="Size">stx_size.</param>
/// <param name="Uid">stx_uid.</param>
/// <param name="Gid">stx_gid.</param>
public readonly record struct FileStatus(int Mode, long Size, uint Uid, uint Gid);

public static partial class Libc
{
    public const int S_IFMT = 0xF000;
    public const int S_IFDIR = 0x4000;
    public const int S_IFBLK = 0x6000;
    public const int S_IFREG = 0x8000;

    private const int AtEmptyPath = 0x1000;
    private const uint StatxTypeModeOwnerSize = 0x21B;
    private const int StatxBytes = 256;

    /// <summary>statx(2) of an open file: fstat(2) with a layout that is the same on every architecture.</summary>
    /// <returns>-1 with errno where it fails.</returns>
    public static int StatX(SafeFileHandle file, out FileStatus status)
    {
        byte[] buffer = new byte[StatxBytes];
        int result = StatX(file, "", AtEmptyPath, StatxTypeModeOwnerSize, buffer);
        status = new FileStatus(
            BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(0x1C)),
            BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(0x28)),
            BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(0x14)),
            BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(0x18)));
        return result;
    }

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle dirfd, string path, int flags, uint mask, byte[] statxbuf);
}

using System.Runtime.InteropServices;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.GuestDisk.Sources;

/// <summary>A regular file or a block device. Not for more than one thread.</summary>
/// <remarks>
/// <para>
/// A block device is read with O_DIRECT. A guest's writes reach the device below its page cache here, so pages that are
/// in it may be old for as long as anyone (blkback, udev) keeps the device open. Dropping the range first with POSIX_FADV_DONTNEED is
/// advice, and was seen not to be followed: of 200 stale 4 KiB ranges all stayed stale where another process
/// had them mapped, and 197 where they were part of larger folios. BLKFLSBUF drops everybody's pages and wants CAP_SYS_ADMIN.
/// With O_DIRECT none was stale, in both cases.
/// </para>
/// <para>
/// What it costs, on a loop device, MB/s with a cold page cache (dropped and buffered / direct): reads of 16 KiB 2029 / 279, of 128 KiB 2085 / 1912,
/// of 1 MiB 2247 / 2173. So there is no readahead to be missed where payload is copied in large pieces;
/// small reads, which are metadata, are served from windows kept here. That also keeps the number of read calls down for files.
/// </para>
/// </remarks>
public sealed class FileSource : BlockSource
{
    private const int DefaultSectorSize = 512;

    /// <summary>Bytes of a bounce buffer, for large direct reads into memory that isn't aligned.</summary>
    private const int BounceBytes = 1 << 20;

    private readonly SafeFileHandle _file;
    private readonly ReadWindows _windows;
    private AlignedBuffer? _bounce;

    private FileSource(string name, SafeFileHandle file, long length, int sectorSize, bool isBlockDevice)
    {
        Name = name;
        _file = file;
        Length = length;
        SectorSize = sectorSize;
        IsBlockDevice = isBlockDevice;
        _windows = new ReadWindows(length);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override int SectorSize { get; }

    /// <summary>Whether it is a block device, whose sector size is known; a file's may be that of a disk it was copied from.</summary>
    public bool IsBlockDevice { get; }

    /// <summary>The open file, for handing it to another process.</summary>
    public SafeFileHandle Handle => _file;

    /// <summary>Read calls made so far.</summary>
    public long ReadCalls { get; private set; }

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Opens a file or block device. Not a byte of it is read.</summary>
    /// <param name="path">Its path, which is its name for messages too.</param>
    /// <param name="sectorSize">Sector size of a file that is the copy of a disk with other than 512 bytes, or null: 512, or what the device says.</param>
    /// <exception cref="SourceReadException">It isn't there, may not be read, or is something else.</exception>
    public static FileSource Open(string path, int? sectorSize = null)
    {
        if (sectorSize is not (null or 512 or 4096))
        {
            throw new ArgumentOutOfRangeException(nameof(sectorSize), sectorSize, "512 or 4096");
        }

        // open(2) and not File.OpenHandle: that one takes a flock, and udev passes over a device that is locked.
        // O_NONBLOCK: a FIFO of this name must not hang the caller.
        int descriptor = Libc.Open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK);
        SafeFileHandle file = new(descriptor, ownsHandle: true);
        try
        {
            Check(descriptor, path);
            return Adopt(file, path, sectorSize);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes over what another process has opened. Not a byte of it is read.</summary>
    /// <param name="file">The open file or device; disposed of with the source.</param>
    /// <param name="name">Its name for messages.</param>
    /// <param name="sectorSize">As for <see cref="Open"/>.</param>
    /// <exception cref="SourceReadException">It is neither a file nor a device.</exception>
    public static FileSource Adopt(SafeFileHandle file, string name, int? sectorSize = null)
    {
        Check(Libc.StatX(file, out FileStatus status), name);
        return (status.Mode & Libc.S_IFMT) switch
        {
            Libc.S_IFREG => new FileSource(name, file, status.Size, sectorSize ?? DefaultSectorSize, isBlockDevice: false),
            Libc.S_IFBLK => OpenDevice(name, file, sectorSize),
            _ => throw new SourceReadException(name, "neither a regular file nor a block device"),
        };
    }

    /// <inheritdoc/>
    protected override void ReadCore(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            // Whole, aligned pieces that are larger than a window go straight to the caller.
            int straight = StraightBytes(offset, buffer.Length);
            if (straight > 0)
            {
                ReadLarge(offset, buffer[..straight]);
                offset += straight;
                buffer = buffer[straight..];
                continue;
            }

            int count = ReadFromWindow(offset, buffer);
            offset += count;
            buffer = buffer[count..];
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _windows.Dispose();
            _bounce?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static FileSource OpenDevice(string path, SafeFileHandle file, int? sectorSize)
    {
        Check(Libc.Ioctl(file, Libc.BLKGETSIZE64, out ulong length), path);
        Check(Libc.Ioctl(file, Libc.BLKSSZGET, out int deviceSectorSize), path);
        Check(Libc.FCntl(file, Libc.F_SETFL, Libc.O_DIRECT), path);
        if (deviceSectorSize is not (512 or 1024 or 2048 or 4096) || length > long.MaxValue)
        {
            throw new SourceReadException(path, $"sectors of {deviceSectorSize} bytes, size {length}: not a disk");
        }

        return new FileSource(path, file, (long)length, sectorSize ?? deviceSectorSize, isBlockDevice: true) { DirectAlignment = deviceSectorSize };
    }

    /// <summary>What offset, length and memory of a read must be multiples of; 1 for a file.</summary>
    private int DirectAlignment { get; init; } = 1;

    private int StraightBytes(long offset, int length)
    {
        if (length < ReadWindows.WindowBytes || offset % DirectAlignment != 0)
        {
            return 0;
        }

        return length - (length % DirectAlignment);
    }

    private void ReadLarge(long offset, Span<byte> buffer)
    {
        if (AlignedBuffer.IsAligned(buffer, DirectAlignment))
        {
            Fill(offset, buffer);
            return;
        }

        _bounce ??= new AlignedBuffer(BounceBytes);
        while (!buffer.IsEmpty)
        {
            Span<byte> piece = _bounce.Span[..Math.Min(BounceBytes, buffer.Length)];
            Fill(offset, piece);
            piece.CopyTo(buffer);
            offset += piece.Length;
            buffer = buffer[piece.Length..];
        }
    }

    private int ReadFromWindow(long offset, Span<byte> buffer)
    {
        Span<byte> window = _windows.Get(offset, out long start, out bool known);
        if (!known)
        {
            FillWindow(window, start, offset, Math.Min(buffer.Length, (int)(start + window.Length - offset)));
        }

        ReadOnlySpan<byte> found = window[(int)(offset - start)..];
        int count = Math.Min(found.Length, buffer.Length);
        found[..count].CopyTo(buffer);
        return count;
    }

    /// <summary>Fills a window; where a bad sector is in it, at least the sectors that are wanted.</summary>
    private void FillWindow(Span<byte> window, long start, long offset, int length)
    {
        try
        {
            Fill(start, window);
            _windows.Keep(start);
        }
        catch (IOException)
        {
            int first = (int)(offset - start) / DirectAlignment * DirectAlignment;
            int end = (int)(offset - start) + length;
            end = Math.Min(window.Length, (end + DirectAlignment - 1) / DirectAlignment * DirectAlignment);
            Fill(start + first, window[first..end]);
        }
    }

    private void Fill(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint count = Libc.PRead(_file, buffer, offset);
            if (count < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == Libc.EINTR)
                {
                    continue;
                }

                throw new SourceReadException(Name, offset, Marshal.GetPInvokeErrorMessage(error));
            }

            if (count == 0)
            {
                throw new ImageFormatException(ImageFault.Truncated, $"{buffer.Length} bytes", Name, offset, "the file or device has become shorter");
            }

            ReadCalls++;
            BytesRead += count;
            offset += count;
            buffer = buffer[(int)count..];
        }
    }

    private static void Check(int result, string path)
    {
        if (result < 0)
        {
            throw new SourceReadException(path, Marshal.GetLastPInvokeErrorMessage());
        }
    }
}

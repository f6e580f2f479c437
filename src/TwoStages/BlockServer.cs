using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.TwoStages;

/// <summary>Serves a disk that can't be handed over open, an image of a cluster, to the process that reads the guest.</summary>
/// <remarks>
/// Over a socket pair, all numbers little-endian. First the server says: length of 8 bytes, sector size of 4, and the name behind its length of 4. Then each request is an
/// offset of 8 bytes and a count of 4, and its answer a count of 4 with so many bytes, or a negative count with so many bytes of a sentence.
/// The reader may be the guest's by then: it can ask for blocks of this disk, and for nothing else.
/// </remarks>
public sealed class BlockServer : IDisposable
{
    /// <summary>Bytes of one request.</summary>
    public const int MaxCount = 1 << 20;

    /// <summary>Bytes of a request.</summary>
    public const int RequestBytes = 12;

    /// <summary>Bytes of a name or sentence.</summary>
    public const int MaxText = 4096;

    /// <summary>Between a sentence and its advice.</summary>
    public const char AdviceMark = '\n';

    private readonly BlockSource _disk;
    private readonly SafeFileHandle _own;
    private readonly Thread _thread;

    /// <param name="disk">The disk; from now on it is this server's alone.</param>
    /// <exception cref="StageException">There is no socket pair to be had.</exception>
    public BlockServer(BlockSource disk)
    {
        int[] ends = new int[2];
        if (Libc.SocketPair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, ends) < 0)
        {
            throw new StageException(StageFault.Broken, $"can't serve {disk.Name}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        _disk = disk;
        _own = new SafeFileHandle(ends[0], ownsHandle: true);
        ReaderEnd = new SafeFileHandle(ends[1], ownsHandle: true);
        _thread = new Thread(Serve) { IsBackground = true };
    }

    /// <summary>The end for the other process; to be closed here once that has it.</summary>
    public SafeFileHandle ReaderEnd { get; }

    /// <summary>Begins to serve.</summary>
    public void Start() => _thread.Start();

    /// <summary>Waits until the reader has closed its end.</summary>
    public void Finish() => _thread.Join();

    /// <inheritdoc/>
    public void Dispose()
    {
        _own.Dispose();
        ReaderEnd.Dispose();
    }

    private void Serve()
    {
        byte[] request = new byte[RequestBytes];
        byte[] buffer = new byte[sizeof(int) + MaxCount];
        bool going = Greet();
        while (going && DescriptorPieces.TryRead(_own, request))
        {
            going = Answer(BinaryPrimitives.ReadInt64LittleEndian(request), BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(8)), buffer);
        }
    }

    private bool Greet()
    {
        byte[] name = Text(_disk.Name);
        byte[] greeting = new byte[16 + name.Length];
        BinaryPrimitives.WriteInt64LittleEndian(greeting, _disk.Length);
        BinaryPrimitives.WriteInt32LittleEndian(greeting.AsSpan(8), _disk.SectorSize);
        BinaryPrimitives.WriteInt32LittleEndian(greeting.AsSpan(12), name.Length);
        name.CopyTo(greeting, 16);
        return DescriptorPieces.TryWrite(_own, greeting);
    }

    private bool Answer(long offset, int count, byte[] buffer)
    {
        if (count is < 0 or > MaxCount)
        {
            return false; // not ours: it gets nothing more
        }

        try
        {
            _disk.ReadExactly(offset, buffer.AsSpan(sizeof(int), count));
            BinaryPrimitives.WriteInt32LittleEndian(buffer, count);
            return DescriptorPieces.TryWrite(_own, buffer.AsSpan(0, sizeof(int) + count));
        }
        catch (Exception e) when (e is SourceReadException or ImageFormatException)
        {
            byte[] sentence = Text(e is SourceReadException failed ? $"{e.Message}{AdviceMark}{failed.Advice}" : e.Message);
            byte[] answer = new byte[sizeof(int) + sentence.Length];
            BinaryPrimitives.WriteInt32LittleEndian(answer, -sentence.Length);
            sentence.CopyTo(answer, sizeof(int));
            return DescriptorPieces.TryWrite(_own, answer);
        }
    }

    private static byte[] Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= MaxText ? bytes : bytes[..MaxText];
    }
}

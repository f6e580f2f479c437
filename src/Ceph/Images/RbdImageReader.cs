using System.Runtime.InteropServices;
using BlockRbd.Ceph.Native;

namespace BlockRbd.Ceph.Images;

/// <summary>
/// An image's bytes straight from the cluster, read-only, with nothing mapped. What is read in order is read ahead, with several reads
/// under way; what was read lately is kept. For one thread.
/// </summary>
public sealed class RbdImageReader : IDisposable
{
    private const int ChunkBytes = 128 * 1024;
    private const int SlotCount = 32;
    private const int AheadChunks = 16;

    private readonly CephPool _pool;
    private readonly RbdImage _image;
    private readonly Slot[] _slots = [.. Enumerable.Range(0, SlotCount).Select(static _ => new Slot())];
    private long _lastChunk = -1;
    private long _clock;

    private RbdImageReader(CephPool pool, RbdImage image, long length)
    {
        _pool = pool;
        _image = image;
        Length = length;
    }

    /// <summary>pool/[namespace/]image[@snapshot].</summary>
    public string Name => _image.Name;

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Opens an image. Its pool must outlive it.</summary>
    /// <exception cref="CephException">It doesn't exist, or can't be opened.</exception>
    public static RbdImageReader Open(CephPool pool, string image, string? snapshot)
    {
        RbdImage open = RbdImage.Open(pool, image, snapshot);
        int result = Rbd.GetSize(open.Handle, out ulong size);
        if (result < 0 || size > long.MaxValue)
        {
            open.Dispose();
            throw pool.Failure(Math.Min(result, -1), $"asking for the size of image {open.Name}");
        }

        return new RbdImageReader(pool, open, (long)size);
    }

    /// <summary>Fills <paramref name="buffer"/> from byte <paramref name="offset"/>; all of it lies within the image.</summary>
    /// <exception cref="CephException">The cluster can't read it.</exception>
    public void Read(long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - buffer.Length);
        _pool.Cluster.Bound();
        while (buffer.Length > 0)
        {
            long chunk = offset / ChunkBytes;
            int start = (int)(offset % ChunkBytes);
            int count = Math.Min(ChunkBytes - start, buffer.Length);
            // All that this read needs and, once it goes on where the last one ended, what will be asked for next.
            long needed = (offset + buffer.Length - 1) / ChunkBytes;
            long last = chunk == _lastChunk || chunk == _lastChunk + 1 ? Math.Max(needed, chunk + AheadChunks) : needed;
            Slot slot = Request(chunk);
            for (long ahead = chunk + 1; ahead <= Math.Min(last, chunk + AheadChunks) && ahead * ChunkBytes < Length; ahead++)
            {
                Request(ahead);
            }

            Await(slot);
            slot.Bytes.AsSpan(start, count).CopyTo(buffer);
            _lastChunk = chunk;
            buffer = buffer[count..];
            offset += count;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // librbd writes to the slots until then.
        foreach (Slot slot in _slots)
        {
            slot.Finish();
        }

        _image.Dispose();
    }

    /// <summary>The slot that has the chunk, or is getting it.</summary>
    private Slot Request(long chunk)
    {
        Slot? found = Array.Find(_slots, slot => slot.Chunk == chunk);
        if (found is null)
        {
            found = _slots.MinBy(static slot => slot.LastUse)!;
            found.Finish();
            found.Start(_image.Handle, chunk, (int)Math.Min(ChunkBytes, Length - (chunk * ChunkBytes)));
        }

        found.LastUse = ++_clock;
        return found;
    }

    private void Await(Slot slot)
    {
        long chunk = slot.Chunk;
        nint result = slot.Finish();
        if (result < 0)
        {
            slot.Chunk = -1;
            throw _pool.Failure((int)result, $"reading image {Name} at byte {chunk * ChunkBytes}");
        }
    }

    private sealed class Slot
    {
        private RbdCompletionHandle? _completion;
        private nint _result;

        /// <summary>Where librbd writes: the collector leaves it where it is.</summary>
        public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(ChunkBytes, pinned: true);

        public long Chunk { get; set; } = -1;

        public long LastUse { get; set; }

        public void Start(RbdImageHandle image, long chunk, int length)
        {
            Chunk = chunk;
            _result = Rbd.AioCreateCompletion(0, 0, out RbdCompletionHandle completion);
            if (_result == 0)
            {
                _result = Rbd.AioRead(image, (ulong)(chunk * ChunkBytes), (nuint)length, Marshal.UnsafeAddrOfPinnedArrayElement(Bytes, 0), completion);
            }

            if (_result < 0)
            {
                completion.Dispose();
            }
            else
            {
                _completion = completion;
            }
        }

        /// <summary>Waits for what was started.</summary>
        /// <returns>How it ended: negative is an error's number.</returns>
        public nint Finish()
        {
            if (_completion is { } completion)
            {
                _ = Rbd.AioWaitForComplete(completion);
                _result = Rbd.AioGetReturnValue(completion);
                completion.Dispose();
                _completion = null;
            }

            return _result;
        }
    }
}

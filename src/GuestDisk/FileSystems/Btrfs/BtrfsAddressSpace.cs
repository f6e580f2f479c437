using System.Runtime.InteropServices;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>Logical addresses to bytes of devices: chunks, copies, parity.</summary>
internal sealed class BtrfsAddressSpace(string sourceName, BtrfsDevices devices, int sectorSize)
{
    private readonly BtrfsChunkMap _chunks = new();

    /// <summary>Adds the chunks that the superblock lists.</summary>
    /// <exception cref="ImageFormatException">One of them is no chunk.</exception>
    public void AddSystemChunks(BtrfsSuperblock superblock)
    {
        StructReader array = new("Btrfs system chunk array", sourceName, superblock.Offset, superblock.SystemChunks);
        for (int at = 0; at < array.Length;)
        {
            BtrfsKey key = BtrfsKey.Read(array, at);
            if (key.ObjectId != BtrfsObject.ChunkItems || key.Type != BtrfsItemType.ChunkItem)
            {
                array.Corrupt(at, $"key {key} is no chunk's");
            }

            at += BtrfsKey.Bytes;
            StructReader item = array.Inner(BtrfsChunk.StructureName, at, array.Length - at);
            _chunks.Add(BtrfsChunk.Read(item, key.Offset, sectorSize, out int bytes), item);
            at += bytes;
        }
    }

    /// <summary>Adds a chunk of the chunk tree.</summary>
    /// <exception cref="ImageFormatException">It is no chunk.</exception>
    public void Add(BtrfsItem item)
    {
        StructReader reader = item.Reader(BtrfsChunk.StructureName);
        _chunks.Add(BtrfsChunk.Read(reader, item.Key.Offset, sectorSize, out _), reader);
    }

    /// <summary>How many ways there are to read a byte.</summary>
    /// <exception cref="ImageFormatException">No chunk has the address.</exception>
    public int Copies(ulong address) => Chunk(address).Copies;

    /// <summary>Where the first byte of a copy stands, for messages.</summary>
    public (string Device, long Offset) Place(ulong address, int copy)
    {
        BtrfsChunk chunk = Chunk(address);
        (BtrfsStripe stripe, long offset) = chunk.Locate(address, IsParity(chunk, copy) ? 0 : copy, out _);
        return (devices.Find(stripe)?.Name ?? $"missing device {stripe.Device}", offset);
    }

    /// <summary>Reads one copy.</summary>
    /// <exception cref="ImageFormatException">No chunk has the address, or the device isn't there or too short.</exception>
    /// <exception cref="SourceReadException">The device can't be read.</exception>
    public void Read(ulong address, int copy, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            BtrfsChunk chunk = Chunk(address);
            int own = Math.Min(copy, chunk.Copies - 1); // a range may cross into a chunk with fewer copies
            (BtrfsStripe stripe, long offset) = chunk.Locate(address, IsParity(chunk, own) ? 0 : own, out long run);
            Span<byte> piece = buffer[..(int)Math.Min(run, buffer.Length)];
            if (IsParity(chunk, own))
            {
                Reconstruct(chunk, address, piece);
            }
            else
            {
                Device(stripe, address).ReadExactly(offset, piece);
            }

            buffer = buffer[piece.Length..];
            address += (ulong)piece.Length;
        }
    }

    private static bool IsParity(BtrfsChunk chunk, int copy) => chunk.Parities > 0 && copy == 1;

    private void Reconstruct(BtrfsChunk chunk, ulong address, Span<byte> piece)
    {
        piece.Clear();
        byte[] other = new byte[piece.Length]; // at most a stripe
        foreach ((BtrfsStripe stripe, long offset) in chunk.Siblings(address))
        {
            Device(stripe, address).ReadExactly(offset, other);
            Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(piece);
            ReadOnlySpan<ulong> otherWords = MemoryMarshal.Cast<byte, ulong>(other);
            for (int i = 0; i < words.Length; i++)
            {
                words[i] ^= otherWords[i];
            }

            for (int i = words.Length * sizeof(ulong); i < piece.Length; i++)
            {
                piece[i] ^= other[i];
            }
        }
    }

    private BtrfsChunk Chunk(ulong address) =>
        _chunks.Find(address)
        ?? throw new ImageFormatException(ImageFault.Corrupt, "Btrfs address", sourceName, -1, $"no chunk has the logical address {address}");

    private BlockSource Device(BtrfsStripe stripe, ulong address) =>
        devices.Find(stripe)
        ?? throw new ImageFormatException(
            ImageFault.Truncated, "Btrfs device", sourceName, -1, $"device {stripe.Device} ({stripe.DeviceUuid}), which has logical address {address}, is not among the guest's disks");
}

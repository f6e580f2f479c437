using System.Buffers.Binary;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Ext.Journal;

/// <summary>
/// A filesystem's bytes with the journal's copies in place of the blocks they belong to. Holds no copy, only where each stands.
/// </summary>
internal sealed class JournalOverlay : BlockSource
{
    private const long EscapedBit = 1; // positions are multiples of a block, so their lowest bit is free

    private readonly BlockSource _disk;
    private readonly int _blockSize;
    private readonly long[] _blocks;
    private readonly long[] _positions;

    /// <param name="disk">The bytes below, which it does not own.</param>
    /// <param name="blockSize">Bytes of a block.</param>
    /// <param name="blocks">Numbers of the replaced blocks, ascending, none twice.</param>
    /// <param name="positions">For each the place of its copy in <paramref name="disk"/>, as <see cref="Encode"/> gives it.</param>
    public JournalOverlay(BlockSource disk, int blockSize, long[] blocks, long[] positions)
    {
        _disk = disk;
        _blockSize = blockSize;
        _blocks = blocks;
        _positions = positions;
    }

    /// <inheritdoc/>
    public override string Name => _disk.Name;

    /// <inheritdoc/>
    public override long Length => _disk.Length;

    /// <inheritdoc/>
    public override int SectorSize => _disk.SectorSize;

    /// <summary>A copy's place, and whether its first four bytes are the journal's magic number.</summary>
    public static long Encode(long position, bool isEscaped) => position | (isEscaped ? EscapedBit : 0);

    /// <inheritdoc/>
    protected override void ReadCore(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            long block = offset / _blockSize;
            int inBlock = (int)(offset % _blockSize);
            int index = Array.BinarySearch(_blocks, block);
            int length;
            if (index < 0)
            {
                long free = ~index < _blocks.Length ? (_blocks[~index] * _blockSize) - offset : long.MaxValue;
                length = (int)Math.Min(buffer.Length, free);
                _disk.ReadExactly(offset, buffer[..length]);
            }
            else
            {
                length = (int)Math.Min(buffer.Length, ((long)Together(index) * _blockSize) - inBlock);
                _disk.ReadExactly((_positions[index] & ~EscapedBit) + inBlock, buffer[..length]);
                Unescape(index, inBlock, buffer[..length]);
            }

            buffer = buffer[length..];
            offset += length;
        }
    }

    /// <summary>How many blocks from the one at <paramref name="index"/> follow each other here and in the journal.</summary>
    private int Together(int index)
    {
        int count = 1;
        while (index + count < _blocks.Length
            && _blocks[index + count] == _blocks[index] + count
            && _positions[index + count] == (_positions[index] & ~EscapedBit) + ((long)count * _blockSize))
        {
            count++;
        }

        return count;
    }

    /// <summary>Puts back the magic number that the journal cleared, so that nobody takes the copy for its own block.</summary>
    private void Unescape(int index, int inBlock, Span<byte> bytes)
    {
        if ((_positions[index] & EscapedBit) == 0 || inBlock >= sizeof(uint))
        {
            return;
        }

        Span<byte> magic = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(magic, JournalSuperblock.Magic);
        int length = Math.Min(bytes.Length, sizeof(uint) - inBlock);
        magic.Slice(inBlock, length).CopyTo(bytes);
    }
}

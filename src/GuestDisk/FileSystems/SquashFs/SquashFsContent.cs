using BlockRbd.GuestDisk.FileSystems.Packed;

namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>The bytes of a file: blocks, packed or not or of zeros, and an end that may be in a fragment.</summary>
internal sealed class SquashFsContent
{
    private readonly SquashFsVolume _volume;
    private readonly SquashFsInode _inode;
    private readonly SquashFsBlockList _blocks;
    private readonly int _blockSize;
    private long _next;

    public SquashFsContent(SquashFsVolume volume, SquashFsInode inode)
    {
        (_volume, _inode, _blockSize) = (volume, inode, volume.Superblock.BlockSize);
        bool hasFragment = inode.Fragment != SquashFsInode.NoFragment;
        _blocks = new SquashFsBlockList(volume, inode, hasFragment ? inode.Size / _blockSize : (inode.Size + _blockSize - 1) / _blockSize);
    }

    /// <summary>Fills the buffer from byte <paramref name="offset"/>; less only at the end.</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        buffer = buffer[..(int)Math.Clamp(_inode.Size - offset, 0, buffer.Length)];
        bool goesOn = offset == _next && offset > 0;
        _next = offset + buffer.Length;
        for (int done = 0; done < buffer.Length;)
        {
            done += ReadSome(offset + done, buffer[done..], goesOn);
        }

        return buffer.Length;
    }

    private int ReadSome(long offset, Span<byte> buffer, bool goesOn)
    {
        long index = offset / _blockSize;
        int inBlock = (int)(offset % _blockSize);
        if (index == _blocks.Count)
        {
            return ReadTail(inBlock, buffer);
        }

        int expected = BytesOf(index);
        SquashFsBlock block = _blocks[index];
        if (!block.IsPacked && block.Bytes > 0)
        {
            return ReadStored(index, inBlock, buffer);
        }

        int count = Math.Min(expected - inBlock, buffer.Length);
        if (block.Bytes == 0)
        {
            buffer[..count].Clear(); // a block of zeros
            return count;
        }

        if (goesOn || buffer.Length > count)
        {
            Ahead(index + 1);
        }

        ReadOnlySpan<byte> unpacked = _volume.Blocks.Get(new PackedPiece(block.Start, block.Bytes, expected));
        if (unpacked.Length != expected)
        {
            _volume.Throw(ImageFault.Corrupt, SquashFsBlocks.StructureName, block.Start, $"unpacks to {unpacked.Length} bytes where {expected} are due");
        }

        unpacked.Slice(inBlock, count).CopyTo(buffer);
        return count;
    }

    /// <summary>Blocks that are not packed lie one behind another: all of them with one read.</summary>
    private int ReadStored(long index, int inBlock, Span<byte> buffer)
    {
        long start = _blocks[index].Start;
        int run = 0;
        do
        {
            SquashFsBlock block = _blocks[index];
            if (block.IsPacked || block.Bytes == 0)
            {
                break;
            }

            if (block.Bytes != BytesOf(index))
            {
                _volume.Throw(ImageFault.Corrupt, SquashFsBlocks.StructureName, block.Start, $"has {block.Bytes} bytes where {BytesOf(index)} are due");
            }

            run += block.Bytes;
            index++;
        }
        while (run - inBlock < buffer.Length && index < _blocks.Count);

        int count = Math.Min(run - inBlock, buffer.Length);
        _volume.Source.ReadExactly(start + inBlock, buffer[..count]);
        return count;
    }

    private int ReadTail(int inTail, Span<byte> buffer)
    {
        SquashFsBlock fragment = _volume.Fragment(_inode.Fragment);
        int tail = (int)(_inode.Size % _blockSize);
        int length = fragment.Bytes;
        ReadOnlySpan<byte> unpacked = [];
        if (fragment.IsPacked && fragment.Bytes > 0)
        {
            unpacked = _volume.Blocks.Get(new PackedPiece(fragment.Start, fragment.Bytes, _blockSize));
            length = unpacked.Length;
        }

        if (_inode.Offset > length || tail > length - _inode.Offset)
        {
            _volume.Throw(ImageFault.Corrupt, SquashFsInode.StructureName, -1, $"0x{_inode.Number:x} has its last {tail} bytes at byte {_inode.Offset} of a fragment of {length}");
        }

        int from = (int)_inode.Offset + inTail;
        int count = Math.Min(tail - inTail, buffer.Length);
        if (fragment.IsPacked)
        {
            unpacked.Slice(from, count).CopyTo(buffer);
        }
        else
        {
            _volume.Source.ReadExactly(fragment.Start + from, buffer[..count]);
        }

        return count;
    }

    private void Ahead(long index)
    {
        long bytes = 0;
        for (; index < _blocks.Count; index++)
        {
            SquashFsBlock block = _blocks[index];
            if (!block.IsPacked || block.Bytes == 0)
            {
                return;
            }

            if (!_volume.Blocks.Ahead(new PackedPiece(block.Start, block.Bytes, BytesOf(index)), bytes))
            {
                return;
            }

            bytes += BytesOf(index);
        }
    }

    private int BytesOf(long index) => (int)Math.Min(_blockSize, _inode.Size - (index * _blockSize));
}

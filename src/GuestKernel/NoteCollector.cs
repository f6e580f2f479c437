using BlockRbd.Unpacking;

namespace BlockRbd.GuestKernel;

/// <summary>Takes an ELF file from its beginning and keeps its head and its notes only. Stops the unpacking when it has them.</summary>
internal sealed class NoteCollector : OneWayStream
{
    private readonly byte[] _head = new byte[KernelLimits.ElfHead];
    private readonly List<byte[]> _segments = [];
    private int _headLength;
    private long _position;

    /// <summary>The ELF header; null until enough came.</summary>
    public ElfHead? Elf { get; private set; }

    public XenNotes Notes => _segments.Aggregate(new XenNotes(), (notes, segment) => XenNotes.Read(segment, notes));

    public override bool CanWrite => true;

    public override long Length => _position;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Elf is null)
        {
            int count = Math.Min(buffer.Length, _head.Length - _headLength);
            buffer[..count].CopyTo(_head.AsSpan(_headLength));
            _headLength += count;
            if (_headLength == _head.Length)
            {
                Begin();
            }
        }

        Keep(buffer);
        _position += buffer.Length;
        if (Elf is { } elf && elf.Notes.All(note => note.Offset + note.Length <= _position))
        {
            throw new EnoughException();
        }
    }

    /// <summary>The file has ended.</summary>
    public void End()
    {
        if (Elf is null)
        {
            Begin();
        }
        else if (Elf.Notes.Any(note => note.Offset + note.Length > _position))
        {
            throw new KernelException(UnpackFault.Truncated, "ends before its notes do");
        }
    }

    private void Begin()
    {
        ReadOnlySpan<byte> head = _head.AsSpan(0, _headLength);
        Elf = ElfHead.IsElf(head)
            ? ElfHead.Read(head)
            : throw new KernelException(UnpackFault.Corrupt, "unpacks to something that is no ELF file");
        _segments.AddRange(Elf.Notes.Select(note => new byte[note.Length]));
        long position = _position;
        _position = 0;
        Keep(head);
        _position = position;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < _segments.Count; i++)
        {
            (long offset, int length) = Elf!.Notes[i];
            long from = Math.Max(offset, _position), to = Math.Min(offset + length, _position + bytes.Length);
            if (from < to)
            {
                bytes[(int)(from - _position)..(int)(to - _position)].CopyTo(_segments[i].AsSpan((int)(from - offset)));
            }
        }
    }

    /// <summary>All that was wanted has come.</summary>
    internal sealed class EnoughException : Exception;
}

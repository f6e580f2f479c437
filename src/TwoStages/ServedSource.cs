using System.Buffers.Binary;
using System.Text;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.TwoStages;

/// <summary>The reader's side of a <see cref="BlockServer"/>. Not for more than one thread.</summary>
public sealed class ServedSource : BlockSource
{
    private readonly SafeFileHandle _socket;

    private ServedSource(SafeFileHandle socket, string name, long length, int sectorSize)
    {
        _socket = socket;
        Name = name;
        Length = length;
        SectorSize = sectorSize;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override int SectorSize { get; }

    /// <summary>Takes the server's greeting.</summary>
    /// <exception cref="StageException">None comes.</exception>
    public static ServedSource Open(SafeFileHandle socket)
    {
        byte[] head = new byte[16];
        if (DescriptorPieces.TryRead(socket, head))
        {
            byte[] name = new byte[Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12)), 0, BlockServer.MaxText)];
            if (DescriptorPieces.TryRead(socket, name))
            {
                return new ServedSource(
                    socket, Encoding.UTF8.GetString(name), BinaryPrimitives.ReadInt64LittleEndian(head), BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(8)));
            }
        }

        throw new StageException(StageFault.Broken, "the process that holds the disk is gone");
    }

    /// <inheritdoc/>
    protected override void ReadCore(long offset, Span<byte> buffer)
    {
        Span<byte> request = stackalloc byte[BlockServer.RequestBytes];
        Span<byte> count = stackalloc byte[sizeof(int)];
        while (!buffer.IsEmpty)
        {
            Span<byte> part = buffer[..Math.Min(buffer.Length, BlockServer.MaxCount)];
            BinaryPrimitives.WriteInt64LittleEndian(request, offset);
            BinaryPrimitives.WriteInt32LittleEndian(request[8..], part.Length);
            if (!DescriptorPieces.TryWrite(_socket, request) || !DescriptorPieces.TryRead(_socket, count))
            {
                throw Gone();
            }

            int answered = BinaryPrimitives.ReadInt32LittleEndian(count);
            if (answered < 0)
            {
                throw Failed(offset, new byte[Math.Min(-(long)answered, BlockServer.MaxText)]);
            }

            if (answered != part.Length || !DescriptorPieces.TryRead(_socket, part))
            {
                throw Gone();
            }

            offset += part.Length;
            buffer = buffer[part.Length..];
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _socket.Dispose();
        }

        base.Dispose(disposing);
    }

    private SourceReadException Failed(long offset, byte[] sentence)
    {
        if (!DescriptorPieces.TryRead(_socket, sentence))
        {
            return Gone();
        }

        string[] parts = Encoding.UTF8.GetString(sentence).Split(BlockServer.AdviceMark, 2);
        return SourceReadException.Relayed(parts[0], parts.Length > 1 ? parts[1] : "", offset);
    }

    private SourceReadException Gone() => new(Name, "the process that holds the disk is gone");
}

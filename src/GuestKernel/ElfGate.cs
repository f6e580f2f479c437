using BlockRbd.Unpacking;

namespace BlockRbd.GuestKernel;

/// <summary>Lets through what begins like an ELF file, and stops before the first byte of anything else is kept.</summary>
internal sealed class ElfGate(Stream next) : OneWayStream
{
    private readonly byte[] _magic = new byte[4];
    private int _seen;

    public override bool CanWrite => true;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        int count = Math.Min(_magic.Length - _seen, buffer.Length);
        buffer[..count].CopyTo(_magic.AsSpan(_seen));
        _seen += count;
        if (count > 0 && _seen == _magic.Length)
        {
            End();
        }

        next.Write(buffer);
    }

    /// <summary>Nothing more comes.</summary>
    public void End()
    {
        if (!ElfHead.IsElf(_magic))
        {
            throw new KernelException(UnpackFault.Corrupt, "unpacks to something that is no ELF file");
        }
    }

    public override void Flush() => next.Flush();
}

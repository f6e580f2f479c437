using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Tests.Damage;

/// <summary>An image with some of its bytes changed, in memory only; counts what is read of it.</summary>
internal sealed class PatchedSource(BlockSource image) : BlockSource
{
    private readonly SortedDictionary<long, byte> _patches = [];

    public override string Name => "patched";

    public override long Length => ShownLength ?? image.Length;

    public override int SectorSize => image.SectorSize;

    public long? ShownLength { get; set; }

    public long BytesRead { get; private set; }

    public int Reads { get; private set; }

    /// <summary>Places that were read, if they are wanted.</summary>
    public List<(long Offset, int Length)>? Trace { get; set; }

    public void Clear() => _patches.Clear();

    public void Patch(long offset, params ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            _patches[offset++] = b;
        }
    }

    /// <summary>Turns over bits of one byte.</summary>
    public void Flip(long offset, byte bits) => Patch(offset, (byte)(ReadExactly(offset, 1)[0] ^ bits));

    /// <summary>Puts the right CRC-32C (little-endian, inverted, over the structure with zeros in its place) into a structure.</summary>
    public void Seal(long offset, int length, int crcOffset)
    {
        Patch(offset + crcOffset, 0, 0, 0, 0);
        Patch(offset + crcOffset, BitConverter.GetBytes(BitwiseCrc(ReadExactly(offset, length))));
    }

    /// <summary>Puts the right CRC-32C into a field of several bytes at a structure's begin, over what follows the field: Btrfs.</summary>
    public void Seal(long offset, int length, int crcOffset, int fieldBytes)
    {
        Patch(offset + crcOffset, new byte[fieldBytes]);
        Patch(offset + crcOffset, BitConverter.GetBytes(BitwiseCrc(ReadExactly(offset + fieldBytes, length - fieldBytes))));
    }

    protected override void ReadCore(long offset, Span<byte> buffer)
    {
        Reads++;
        BytesRead += buffer.Length;
        Trace?.Add((offset, buffer.Length));
        image.ReadExactly(offset, buffer);
        foreach ((long at, byte value) in _patches)
        {
            if (at >= offset && at < offset + buffer.Length)
            {
                buffer[(int)(at - offset)] = value;
            }
        }
    }

    /// <summary>CRC-32C by its definition, bit by bit: not the code under test.</summary>
    private static uint BitwiseCrc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }

        return ~crc;
    }
}

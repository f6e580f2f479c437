using System.Diagnostics.CodeAnalysis;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>What every part of the reader needs of a volume, and how its names are recorded.</summary>
internal sealed class IsoVolume(BlockSource source, IsoDescriptor descriptor)
{
    private const int XaBytes = 14; // CD-ROM XA's own fields stand before SUSP's: Linux looks there too

    private long _continuation = -1;
    private byte[] _continuationSector = [];

    public BlockSource Source => source;

    public IsoDescriptor Descriptor => descriptor;

    public int BlockBytes => descriptor.BlockBytes;

    /// <summary>Bytes of each System Use area that are not SUSP's (SP's LEN_SKP); null where there is no Rock Ridge.</summary>
    public int? SystemUseSkip { get; private init; }

    /// <summary>The volume with its Rock Ridge, where it has it: the root's own record begins with SP, and an ER follows, as GRUB wants them.</summary>
    /// <exception cref="ImageFormatException">The root directory's first record can't be read.</exception>
    public static IsoVolume Open(BlockSource source, IsoDescriptor descriptor)
    {
        IsoVolume plain = new(source, descriptor);
        IsoSection root = plain.RootSection();
        int length = (int)Math.Clamp(source.Length - root.Start, 0, Math.Min(root.Length, IsoRecord.MaxBytes));
        if (length == 0 || source.ReadExactly(root.Start, length) is not [> 0, ..] bytes)
        {
            return plain;
        }

        IsoRecord self = IsoRecord.Read(source.Name, root.Start, bytes);
        return plain.FindRockRidge(self, 0) ?? plain.FindRockRidge(self, XaBytes) ?? plain;
    }

    /// <summary>Where the root directory is.</summary>
    public IsoSection RootSection()
    {
        byte[] bytes = source.ReadExactly(descriptor.RootRecord, IsoRecord.MinBytes);
        return IsoRecord.Read(source.Name, descriptor.RootRecord, bytes).Section(BlockBytes);
    }

    /// <summary>Bytes of a continuation area, from one sector at most; the last sector is kept, since the areas of a directory share theirs.</summary>
    public ReadOnlySpan<byte> ReadContinuation(long offset, int length)
    {
        long start = offset - (offset % IsoLimits.MaxContinuationBytes);
        if (offset + length > start + IsoLimits.MaxContinuationBytes || start > source.Length - IsoLimits.MaxContinuationBytes)
        {
            return source.ReadExactly(offset, length);
        }

        if (_continuation != start)
        {
            _continuation = -1;
            _continuationSector = source.ReadExactly(start, IsoLimits.MaxContinuationBytes);
            _continuation = start;
        }

        return _continuationSector.AsSpan((int)(offset - start), length);
    }

    [DoesNotReturn]
    public void Throw(ImageFault fault, string structure, string problem) => throw new ImageFormatException(fault, structure, source.Name, -1, problem);

    private IsoVolume? FindRockRidge(IsoRecord self, int before)
    {
        (long offset, byte[] bytes) = self.SystemUse(before);
        if (bytes is not [(byte)'S', (byte)'P', >= 7, _, 0xBE, 0xEF, ..]) // SUSP 5.3
        {
            return null;
        }

        SuspReader entries = new(this, offset, bytes);
        while (entries.MoveNext())
        {
            if (entries.Signature == "ER") // SUSP 5.5: whichever extension it names, as in GRUB
            {
                return new IsoVolume(source, descriptor) { SystemUseSkip = bytes[6] };
            }
        }

        return null;
    }
}

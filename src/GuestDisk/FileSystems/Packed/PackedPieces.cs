using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Packed;

/// <summary>
/// The pieces of a filesystem that were unpacked last, and those that are being unpacked ahead by other threads. Bounded: <see cref="MaxBytes"/> unpacked, as much
/// packed at most, one piece more where it is larger than that.
/// </summary>
/// <remarks>Read on one thread, unpacked on any: a source is not for more than one.</remarks>
internal abstract class PackedPieces
{
    private const int MaxBytes = 8 << 20;
    private const int MaxPieces = 256;

    /// <summary>Bytes that are unpacked ahead at most, except for a single piece.</summary>
    private const int MaxBytesAhead = 4 << 20;

    private readonly Dictionary<PackedPiece, Slot> _slots = [];
    private readonly List<byte[]> _spare = [];
    private long _clock;
    private long _bytes;

    /// <summary>What a piece unpacks to: valid until the next call.</summary>
    /// <exception cref="ImageFormatException">It can't be read or unpacked.</exception>
    public ReadOnlySpan<byte> Get(PackedPiece piece)
    {
        if (!_slots.TryGetValue(piece, out Slot? slot))
        {
            slot = Begin(piece);
        }

        slot.LastUse = ++_clock;
        try
        {
            slot.Finish();
        }
        catch (UnpackException e)
        {
            Remove(piece, slot);
            throw Bad(piece, e.Message);
        }
        catch
        {
            Remove(piece, slot);
            throw;
        }

        return slot.Unpacked.AsSpan(0, slot.Length);
    }

    /// <summary>Begins to unpack a piece that will be asked for soon, if other threads can.</summary>
    /// <returns>Whether more may be begun.</returns>
    public bool Ahead(PackedPiece piece, long bytesAhead)
    {
        if (UnpackingCrew.Workers == 0 || (bytesAhead > 0 && bytesAhead + piece.UnpackedBytes > MaxBytesAhead))
        {
            return false;
        }

        if (_slots.TryGetValue(piece, out Slot? known))
        {
            known.LastUse = ++_clock;
            return true;
        }

        try
        {
            UnpackingCrew.Add(Begin(piece));
            return true;
        }
        catch (IOException e) when (e is ImageFormatException or SourceReadException)
        {
            return false; // it is said when the piece is asked for, if it ever is
        }
    }

    /// <summary>Fills the buffer with the packed bytes.</summary>
    /// <exception cref="ImageFormatException">They are not there.</exception>
    protected abstract void ReadPacked(PackedPiece piece, Span<byte> packed);

    /// <summary>Unpacks; on any thread.</summary>
    /// <returns>Bytes that came out.</returns>
    /// <exception cref="UnpackException">They are bad.</exception>
    protected abstract int Unpack(PackedPiece piece, ReadOnlySpan<byte> packed, Span<byte> unpacked);

    /// <summary>What is thrown for a piece that can't be unpacked.</summary>
    protected abstract ImageFormatException Bad(PackedPiece piece, string problem);

    private Slot Begin(PackedPiece piece)
    {
        MakeRoom(piece.UnpackedBytes);
        Slot slot = new(this, piece, Buffer(piece.PackedBytes), Buffer(piece.UnpackedBytes)) { LastUse = ++_clock };
        try
        {
            ReadPacked(piece, slot.Packed.AsSpan(0, piece.PackedBytes));
        }
        catch
        {
            GiveBack(slot);
            throw;
        }

        _slots.Add(piece, slot);
        _bytes += slot.Unpacked.Length;
        return slot;
    }

    private void MakeRoom(int bytes)
    {
        while (_slots.Count >= MaxPieces || (_slots.Count > 0 && _bytes + bytes > MaxBytes))
        {
            (PackedPiece piece, Slot oldest) = _slots.MinBy(slot => slot.Value.LastUse);
            try
            {
                oldest.Finish(); // another thread may be at it
            }
            catch (UnpackException)
            {
            }

            Remove(piece, oldest);
        }
    }

    private void Remove(PackedPiece piece, Slot slot)
    {
        _slots.Remove(piece);
        _bytes -= slot.Unpacked.Length;
        GiveBack(slot);
    }

    /// <summary>Keeps the last buffers, so that a file of many blocks is read through few.</summary>
    private void GiveBack(Slot slot)
    {
        const int MaxSpare = 8;
        _spare.Add(slot.Packed);
        _spare.Add(slot.Unpacked);
        _spare.RemoveRange(0, Math.Max(0, _spare.Count - MaxSpare));
    }

    private byte[] Buffer(int bytes)
    {
        int found = _spare.FindLastIndex(spare => spare.Length >= bytes && spare.Length / 2 <= bytes);
        if (found < 0)
        {
            return GC.AllocateUninitializedArray<byte>(bytes);
        }

        byte[] buffer = _spare[found];
        _spare.RemoveAt(found);
        return buffer;
    }

    private sealed class Slot(PackedPieces owner, PackedPiece piece, byte[] packed, byte[] unpacked) : UnpackingTask
    {
        public byte[] Packed => packed;

        public byte[] Unpacked => unpacked;

        public int Length { get; private set; }

        public long LastUse { get; set; }

        protected override void Work() =>
            Length = owner.Unpack(piece, packed.AsSpan(0, piece.PackedBytes), unpacked.AsSpan(0, piece.UnpackedBytes));
    }
}

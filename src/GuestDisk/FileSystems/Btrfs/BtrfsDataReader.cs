namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>Data by logical address, each sector held to its checksum, from another copy where it doesn't match.</summary>
internal sealed class BtrfsDataReader(BtrfsVolume volume, BtrfsTree checksums)
{
    private const string StructureName = "Btrfs data";

    private readonly int _sector = volume.Superblock.SectorSize;
    private readonly int _size = volume.Superblock.Checksum.Size;
    private readonly byte[] _bounce = new byte[volume.Superblock.SectorSize];

    /// <summary>Checksums of data that the log has; by the address of the first sector. They count before the tree's.</summary>
    public SortedList<ulong, BtrfsItem> Logged { get; } = [];

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="ImageFormatException">No copy matches its checksum, or none can be reached.</exception>
    public void Read(ulong address, Span<byte> buffer, bool verify)
    {
        int inSector = (int)(address % (ulong)_sector);
        if (verify && inSector != 0)
        {
            int head = Math.Min(buffer.Length, _sector - inSector);
            ReadSectors(address - (ulong)inSector, _bounce, verify);
            _bounce.AsSpan(inSector, head).CopyTo(buffer);
            buffer = buffer[head..];
            address += (ulong)head;
        }

        int body = verify ? buffer.Length / _sector * _sector : buffer.Length;
        ReadSectors(address, buffer[..body], verify);
        if (body < buffer.Length)
        {
            ReadSectors(address + (ulong)body, _bounce, verify);
            _bounce.AsSpan(0, buffer.Length - body).CopyTo(buffer[body..]);
        }
    }

    private void ReadSectors(ulong address, Span<byte> buffer, bool verify)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        byte[] sums = verify ? Checksums(address, buffer.Length / _sector) : [];
        if (!TryRead(address, 0, buffer, out _))
        {
            ReadAround(address, buffer);
        }

        for (int i = 0; verify && i < buffer.Length / _sector; i++)
        {
            ReadOnlySpan<byte> sum = sums.AsSpan(i * _size, _size);
            Span<byte> sector = buffer.Slice(i * _sector, _sector);
            if (!volume.Superblock.Checksum.Matches(sector, sum))
            {
                Mend(address + ((ulong)i * (ulong)_sector), sector, sum);
            }
        }
    }

    /// <summary>A device isn't there, or has a bad place: sector by sector, since which copy has what changes from stripe to stripe.</summary>
    private void ReadAround(ulong address, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            Span<byte> piece = buffer[..Math.Min(buffer.Length, _sector - (int)(address % (ulong)_sector))];
            if (!TryRead(address, 0, piece, out IOException? trouble))
            {
                int copy = 1;
                while (copy < volume.Addresses.Copies(address) && !TryRead(address, copy, piece, out _))
                {
                    copy++;
                }

                if (copy >= volume.Addresses.Copies(address))
                {
                    throw trouble!;
                }
            }

            buffer = buffer[piece.Length..];
            address += (ulong)piece.Length;
        }
    }

    private bool TryRead(ulong address, int copy, Span<byte> buffer, out IOException? trouble)
    {
        try
        {
            volume.Addresses.Read(address, copy, buffer);
            trouble = null;
        }
        catch (IOException e) when (e is ImageFormatException or SourceReadException)
        {
            trouble = e;
        }

        return trouble is null;
    }

    private void Mend(ulong address, Span<byte> sector, ReadOnlySpan<byte> sum)
    {
        int copies = volume.Addresses.Copies(address);
        for (int copy = 0; copy < copies; copy++)
        {
            if (TryRead(address, copy, sector, out _) && volume.Superblock.Checksum.Matches(sector, sum))
            {
                return;
            }
        }

        (string device, long offset) = volume.Addresses.Place(address, 0);
        throw new ImageFormatException(
            ImageFault.Corrupt, StructureName, device, offset,
            $"(logical address {address}) {volume.Superblock.Checksum.Name} of {_sector} bytes does not match in any of {copies} {(copies == 1 ? "copy" : "copies")}");
    }

    /// <summary>The checksums of some sectors, one after the other (btrfs_csum_item: those of neighbouring sectors in one item).</summary>
    private byte[] Checksums(ulong address, int sectors)
    {
        byte[] sums = new byte[sectors * _size];
        bool[] known = new bool[sectors];
        BtrfsKey key = new(BtrfsObject.ExtentCsum, BtrfsItemType.ExtentCsum, address);
        if (checksums.LastUpTo(key) is { } first && first.Key.ObjectId == key.ObjectId && first.Key.Type == key.Type)
        {
            key = first.Key;
        }

        foreach (BtrfsItem item in checksums.Of(key.ObjectId, key.Type, key.Offset))
        {
            if (!Fill(item, address, sums, known))
            {
                break;
            }
        }

        foreach (BtrfsItem item in Logged.Values)
        {
            if (!Fill(item, address, sums, known))
            {
                break;
            }
        }

        int missing = Array.IndexOf(known, false);
        return missing < 0
            ? sums
            : throw new ImageFormatException(
                ImageFault.Corrupt, StructureName, volume.SourceName, -1, $"no checksum for logical address {address + ((ulong)missing * (ulong)_sector)}");
    }

    /// <summary>Takes what an item has; false where it, and so all that follow, is behind the range.</summary>
    private bool Fill(BtrfsItem item, ulong address, byte[] sums, bool[] known)
    {
        ulong start = item.Key.Offset;
        int count = item.Data.Length / _size;
        if (start >= address + ((ulong)known.Length * (ulong)_sector))
        {
            return false;
        }

        if (start % (ulong)_sector != 0 || item.Data.Length % _size != 0)
        {
            item.Reader("Btrfs checksum item").Corrupt(0, $"{item.Data.Length} bytes of checksums from {start} on");
        }

        // Both lie within their limits: an item holds less than a tree block, a range less than a buffer.
        long shift = start >= address ? (long)((start - address) / (ulong)_sector) : -(long)Math.Min((address - start) / (ulong)_sector, int.MaxValue);
        for (long i = Math.Max(0, -shift); i < count && i + shift < known.Length; i++)
        {
            item.Data.Span.Slice((int)i * _size, _size).CopyTo(sums.AsSpan((int)(i + shift) * _size));
            known[(int)(i + shift)] = true;
        }

        return true;
    }
}

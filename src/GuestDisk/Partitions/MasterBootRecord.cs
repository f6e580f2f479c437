using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Partitions;

/// <summary>One of the four entries of a boot record, in sectors as written.</summary>
internal readonly record struct BootRecordEntry(byte BootIndicator, byte Type, uint Start, uint Sectors)
{
    /// <summary>Type 00 is an unused entry.</summary>
    public bool IsEmpty => Type == 0;

    /// <summary>DOS', Windows 95's and Linux' numbers for an extended partition.</summary>
    public bool IsExtended => Type is 0x05 or 0x0F or 0x85;
}

/// <summary>A boot record with its four entries: sector 0 of a disk, or the head of a logical partition (EBR).</summary>
internal sealed class MasterBootRecord
{
    /// <summary>Bytes that are looked at; the rest of a larger sector is unused.</summary>
    public const int Bytes = 512;

    private const int EntryCount = 4;
    private const int EntriesOffset = 446;
    private const int EntryBytes = 16;
    private const int SignatureOffset = 0x1FE;
    private const ushort Signature = 0xAA55;
    private const byte ProtectiveType = 0xEE; // UEFI 2.10, 5.2.3

    private MasterBootRecord(uint diskSignature, BootRecordEntry[] entries)
    {
        DiskSignature = diskSignature;
        Entries = entries;
    }

    /// <summary>The disk's signature; 0 where it has none.</summary>
    public uint DiskSignature { get; }

    /// <summary>The four entries.</summary>
    public IReadOnlyList<BootRecordEntry> Entries { get; }

    /// <summary>Whether the disk is GPT's.</summary>
    public bool IsProtective => Protective is not null;

    /// <summary>The entry that covers a GPT disk, or null.</summary>
    public BootRecordEntry? Protective
    {
        get
        {
            foreach (BootRecordEntry entry in Entries)
            {
                if (entry.Type == ProtectiveType)
                {
                    return entry;
                }
            }

            return null;
        }
    }

    /// <summary>The record in sector 0; null where what stands there isn't one.</summary>
    public static MasterBootRecord? TryRead(BlockSource disk)
    {
        MasterBootRecord? record = TryReadAt(disk, 0, "MBR");
        if (record is null)
        {
            return null;
        }

        foreach (BootRecordEntry entry in record.Entries)
        {
            // Both GRUB (partmap/msdos.c "bad boot flag") and Linux (block/partitions/msdos.c) tell a table from a boot sector by this.
            if ((entry.BootIndicator & 0x7F) != 0)
            {
                return null;
            }
        }

        return record;
    }

    /// <summary>The record at a byte of the disk; null where it has no signature.</summary>
    public static MasterBootRecord? TryReadAt(BlockSource disk, long offset, string structure)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        disk.ReadExactly(offset, bytes);
        StructReader reader = new(structure, disk.Name, offset, bytes);
        if (reader.U16(SignatureOffset) != Signature)
        {
            return null;
        }

        BootRecordEntry[] entries = new BootRecordEntry[EntryCount];
        for (int i = 0; i < EntryCount; i++)
        {
            StructReader entry = reader.Inner($"{structure} entry {i + 1}", EntriesOffset + (i * EntryBytes), EntryBytes);
            entries[i] = new BootRecordEntry(entry.U8(0), entry.U8(4), entry.U32(8), entry.U32(12));
        }

        return new MasterBootRecord(reader.U32(0x1B8), entries);
    }
}

using System.Buffers.Binary;
using BlockRbd.GuestDisk.FileSystems.Ext.FastCommit;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Ext.Journal;

/// <summary>Recovers a filesystem that was not unmounted, as Linux does when it mounts it, but in memory.</summary>
internal static class JournalReplay
{
    /// <summary>The filesystem as it is after recovery; the same volume where there is nothing to do.</summary>
    /// <param name="volume">The filesystem as it is on the disk.</param>
    /// <param name="warnings">Where to say what was done.</param>
    public static ExtVolume Recover(ExtVolume volume, List<string> warnings)
    {
        // Without the feature "recover" Linux ignores what the journal holds.
        if (!volume.Superblock.Has(ExtCompat.HasJournal) || !volume.Superblock.Has(ExtIncompat.Recover))
        {
            return volume;
        }

        if (volume.Superblock.JournalInode == 0)
        {
            volume.Unsupported("ext4 journal", "is on another device, and has to be replayed: mount the filesystem once, or run e2fsck");
        }

        JournalFile file = new(volume);
        if (file.Superblock.Start == 0)
        {
            return volume;
        }

        JournalScan scan = new(volume, file);
        scan.Run();
        JournalCopy[] copies = LastCopies(scan);
        CheckCopies(volume, file, copies);
        warnings.Add($"{volume.Source.Name}: the filesystem was not unmounted; its journal was replayed in memory "
            + $"({scan.Transactions} transactions, {copies.Length} blocks)");
        if (scan.Damage is not null)
        {
            warnings.Add($"{volume.Source.Name}: ext4 journal: {scan.Damage}");
        }

        JournalOverlay overlay = new(
            volume.Source,
            volume.BlockSize,
            Array.ConvertAll(copies, copy => (long)copy.Block),
            Array.ConvertAll(copies, copy => JournalOverlay.Encode(file.Position(copy.JournalBlock), copy.IsEscaped)));
        ExtVolume recovered = new(ExtSuperblock.Read(overlay), overlay);
        ApplyFastCommits(recovered, file, scan.EndSequence, warnings);
        return recovered;
    }

    private static void ApplyFastCommits(ExtVolume recovered, JournalFile file, uint sequence, List<string> warnings)
    {
        if (!file.Superblock.HasFastCommits)
        {
            return;
        }

        FastCommitLog log = new(recovered, file, sequence);
        log.Run();
        if (log.Commits > 0)
        {
            recovered.Changes = new FastCommitChanges(recovered);
            recovered.Changes.Apply(log.Records);
            warnings.Add($"{recovered.Source.Name}: {log.Commits} fast commits were replayed in memory");
        }

        if (log.HasIncomplete)
        {
            warnings.Add($"{recovered.Source.Name}: a fast commit that is not complete is left out");
        }
    }

    /// <summary>For each block the last copy that isn't revoked, by block.</summary>
    private static JournalCopy[] LastCopies(JournalScan scan)
    {
        Dictionary<ulong, JournalCopy> last = [];
        foreach (JournalCopy copy in scan.Copies)
        {
            if (!scan.IsRevoked(copy))
            {
                last[copy.Block] = copy;
            }
        }

        JournalCopy[] copies = [.. last.Values];
        Array.Sort(copies, (a, b) => a.Block.CompareTo(b.Block));
        return copies;
    }

    private static void CheckCopies(ExtVolume volume, JournalFile file, JournalCopy[] copies)
    {
        if (copies.Length > 0 && copies[^1].Block >= (ulong)volume.Superblock.BlocksCount)
        {
            volume.Corrupt("ext4 journal", $"has a copy of block {copies[^1].Block} of {volume.Superblock.BlocksCount}");
        }

        if (!file.Superblock.HasBlockChecksums)
        {
            return;
        }

        JournalCopy[] inOrder = [.. copies];
        Array.Sort(inOrder, (a, b) => a.JournalBlock.CompareTo(b.JournalBlock)); // so that they are read in large pieces
        Span<byte> sequence = stackalloc byte[sizeof(uint)];
        foreach (JournalCopy copy in inOrder)
        {
            StructReader block = file.Block(copy.JournalBlock);
            BinaryPrimitives.WriteUInt32BigEndian(sequence, copy.Sequence);
            uint computed = Crc32C.Append(file.Superblock.ChecksumSeed, sequence);
            computed = Crc32C.Append(computed, block.Bytes(0, block.Length));
            computed = file.Superblock.HasWideTags ? computed : computed & 0xFFFF;
            if (!StoredChecksum.Matches(copy.Checksum, computed))
            {
                // Linux refuses to mount.
                block.Corrupt(0, $"copy of block {copy.Block} in transaction {copy.Sequence} has a wrong checksum");
            }
        }
    }
}

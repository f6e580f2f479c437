using System.Globalization;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Ext.Journal;

/// <summary>The journal's superblock, checked (journal.rst "Super Block"). Everything in a journal is big-endian.</summary>
internal sealed class JournalSuperblock
{
    /// <summary>h_magic of every block that the journal itself wrote.</summary>
    public const uint Magic = 0xC03B3998;

    /// <summary>Bytes of the structure.</summary>
    public const int Size = 1024;

    private const uint Version1 = 3; // h_blocktype: JBD2_SUPERBLOCK_V1 has no features
    private const uint Version2 = 4;
    private const int ChecksumOffset = 0xFC; // s_checksum
    private const byte Crc32C = 4; // s_checksum_type: JBD2_CRC32C_CHKSUM
    private const uint CompatChecksum = 0x1;
    private const uint Incompat64Bit = 0x2;
    private const uint IncompatAsyncCommit = 0x4;
    private const uint IncompatChecksumV2 = 0x8;
    private const uint IncompatChecksumV3 = 0x10;
    private const uint IncompatFastCommit = 0x20;
    private const uint IncompatRevoke = 0x1;
    private const uint IncompatReadable = IncompatRevoke | Incompat64Bit | IncompatAsyncCommit
        | IncompatChecksumV2 | IncompatChecksumV3 | IncompatFastCommit;
    private const uint DefaultFastCommitBlocks = 256; // JBD2_DEFAULT_FAST_COMMIT_BLOCKS
    private const uint MinJournalBlocks = 1024; // JBD2_MIN_JOURNAL_BLOCKS

    private readonly uint _incompat;

    /// <param name="sb">The structure.</param>
    /// <param name="blockSize">Bytes of the filesystem's blocks.</param>
    /// <param name="fileBlocks">Blocks that the journal's file has.</param>
    public JournalSuperblock(StructReader sb, int blockSize, long fileBlocks)
    {
        uint version = sb.U32BigEndian(4);
        if (sb.U32BigEndian(0) != Magic || version is not (Version1 or Version2))
        {
            sb.Corrupt(0, string.Create(CultureInfo.InvariantCulture, $"magic 0x{sb.U32BigEndian(0):x8}, type {version}"));
        }

        uint compat = version == Version2 ? sb.U32BigEndian(0x24) : 0;
        _incompat = version == Version2 ? sb.U32BigEndian(0x28) : 0;
        HasCommitChecksum = (compat & CompatChecksum) != 0;
        Uuid = sb.Bytes(0x30, 16).ToArray();
        ChecksumSeed = GuestDisk.Crc32C.Append(uint.MaxValue, Uuid);
        CheckFeatures(sb);
        Length = sb.U32BigEndian(0x10); // s_maxlen
        First = sb.U32BigEndian(0x14); // s_first
        Sequence = sb.U32BigEndian(0x18); // s_sequence
        Start = sb.U32BigEndian(0x1C); // s_start
        if (sb.U32BigEndian(0x0C) != blockSize)
        {
            sb.Corrupt(0x0C, $"blocks of {sb.U32BigEndian(0x0C)} bytes in a filesystem with {blockSize}");
        }

        uint fastCommitBlocks = !HasFastCommits ? 0 : sb.U32BigEndian(0x54) is var blocks and not 0 ? blocks : DefaultFastCommitBlocks;
        End = (long)Length - fastCommitBlocks >= MinJournalBlocks ? Length - fastCommitBlocks : Length;
        if (Length > fileBlocks || First == 0 || First >= End || (Start != 0 && (Start < First || Start >= End)))
        {
            sb.Corrupt(0x10, $"log from block {First}, started at {Start}, ends at {End} in a file of {fileBlocks} blocks");
        }
    }

    /// <summary>Blocks of the journal, its superblock included.</summary>
    public long Length { get; }

    /// <summary>First block of the log, which wraps around from <see cref="End"/> to it.</summary>
    public long First { get; }

    /// <summary>The block behind the log's last one. Fast commits follow one block later.</summary>
    public long End { get; }

    /// <summary>Transaction that is expected at <see cref="Start"/>.</summary>
    public uint Sequence { get; }

    /// <summary>Block where recovery starts; 0 where there is nothing to recover.</summary>
    public long Start { get; }

    public byte[] Uuid { get; }

    /// <summary>What the checksums of versions 2 and 3 start from.</summary>
    public uint ChecksumSeed { get; }

    /// <summary>Checksum version 1: each commit block has one over its transaction.</summary>
    public bool HasCommitChecksum { get; }

    /// <summary>Checksum version 2 or 3: in every block that the journal wrote, and for each copied block.</summary>
    public bool HasBlockChecksums => (_incompat & (IncompatChecksumV2 | IncompatChecksumV3)) != 0;

    /// <summary>Version 3: block tags of another form.</summary>
    public bool HasWideTags => (_incompat & IncompatChecksumV3) != 0;

    /// <summary>Block numbers of 64 bits.</summary>
    public bool Has64Bit => (_incompat & Incompat64Bit) != 0;

    public bool HasFastCommits => (_incompat & IncompatFastCommit) != 0;

    /// <summary>Bytes of a block tag, without a UUID that may follow it: journal_tag_bytes().</summary>
    public int TagSize
    {
        get
        {
            if (HasWideTags)
            {
                return 16;
            }

            int size = Has64Bit ? 12 : 8;
            return HasBlockChecksums ? size + 2 : size;
        }
    }

    private void CheckFeatures(StructReader sb)
    {
        uint unknown = _incompat & ~IncompatReadable;
        if (unknown != 0)
        {
            sb.Unsupported(0x28, string.Create(CultureInfo.InvariantCulture, $"uses incompatible features 0x{unknown:x}"));
        }

        if (!HasBlockChecksums)
        {
            return;
        }

        const uint bothVersions = IncompatChecksumV2 | IncompatChecksumV3;
        if ((_incompat & bothVersions) == bothVersions || HasCommitChecksum)
        {
            sb.Corrupt(0x28, "checksums of more than one version");
        }

        if (sb.U8(0x50) != Crc32C)
        {
            sb.Unsupported(0x50, $"checksum type {sb.U8(0x50)}, not crc32c");
        }

        uint computed = ExtChecksum.Crc32CWithHole(uint.MaxValue, sb.Bytes(0, Size), ChecksumOffset, sizeof(uint));
        if (!StoredChecksum.Matches(sb.U32BigEndian(ChecksumOffset), computed))
        {
            sb.Corrupt(ChecksumOffset, $"checksum is 0x{sb.U32BigEndian(ChecksumOffset):x8}, computed 0x{computed:x8}");
        }
    }
}

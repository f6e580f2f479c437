namespace BlockRbd.GuestDisk.FileSystems.Ext.Journal;

/// <summary>The journal's blocks, as they are on the disk.</summary>
internal sealed class JournalFile
{
    private const string Structure = "ext4 journal";

    private readonly ExtVolume _volume;
    private readonly BlockMap _map;
    private byte[] _window = [];
    private long _windowFirst;
    private long _windowCount;
    private long _windowPhysical;

    public JournalFile(ExtVolume volume)
    {
        _volume = volume;
        ExtInode inode = volume.ReadInode(volume.Superblock.JournalInode);
        if (inode.Kind != FileKind.File || inode.Links == 0 || inode.Has(ExtInodeFlags.InlineData))
        {
            volume.Corrupt(inode.Structure, "is not a journal's");
        }

        _map = BlockMap.Of(volume, inode);
        StructReader superblock = Block(0).Inner("ext4 journal superblock", 0, JournalSuperblock.Size);
        Superblock = new JournalSuperblock(superblock, volume.BlockSize, inode.Size / volume.BlockSize);
    }

    public JournalSuperblock Superblock { get; }

    /// <summary>One block, valid until the next is asked for.</summary>
    public StructReader Block(long number)
    {
        if (number < _windowFirst || number >= _windowFirst + _windowCount)
        {
            Load(number);
        }

        long index = number - _windowFirst;
        return _volume.Reader(
            Structure, _windowPhysical + index, _window.AsSpan((int)index * _volume.BlockSize, _volume.BlockSize));
    }

    /// <summary>Where a block stands on the disk, in bytes.</summary>
    public long Position(long number) => Find(number).Physical * _volume.BlockSize;

    private void Load(long number)
    {
        BlockRun run = Find(number);
        if (_window.Length == 0)
        {
            _window = new byte[Math.Max(ExtLimits.JournalWindowBytes, _volume.BlockSize)];
        }

        _windowCount = 0;
        long count = Math.Min(run.Count, _window.Length / _volume.BlockSize);
        _volume.Source.ReadExactly(run.Physical * _volume.BlockSize, _window.AsSpan(0, (int)count * _volume.BlockSize));
        (_windowFirst, _windowCount, _windowPhysical) = (number, count, run.Physical);
    }

    private BlockRun Find(long number)
    {
        BlockRun run = _map.Find(number);
        if (run.IsZeros)
        {
            _volume.Corrupt(Structure, $"block {number} is a hole");
        }

        return run;
    }
}

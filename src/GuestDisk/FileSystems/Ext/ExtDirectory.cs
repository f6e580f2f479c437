using BlockRbd.GuestDisk.FileSystems.Ext.FastCommit;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>One directory: its names in blocks, or inside its inode.</summary>
internal sealed class ExtDirectory
{
    private const int InlineParentSize = sizeof(uint); // an inline directory begins with its parent's inode number

    private readonly ExtVolume _volume;
    private readonly ExtInode _inode;
    private readonly DirectoryBlocks? _blocks;
    private readonly DirectoryChanges? _changes;

    public ExtDirectory(ExtVolume volume, ExtInode inode)
    {
        _volume = volume;
        _inode = inode;
        if (inode.Has(ExtInodeFlags.Encrypted))
        {
            volume.Unsupported(inode.Structure, "the directory is encrypted");
        }

        if (inode.Has(ExtInodeFlags.CaseFolded))
        {
            volume.Unsupported(inode.Structure, "the directory ignores case (casefold)");
        }

        _changes = volume.Changes?.Directory(inode.Number);
        _blocks = inode.Has(ExtInodeFlags.InlineData) ? null : new DirectoryBlocks(volume, inode);
    }

    /// <summary>Every name but "." and "..".</summary>
    public IEnumerable<DirectoryEntry> List()
    {
        int parts = Parts;
        List<DirectoryEntry> listed = [];
        DirectoryBlocks.Window window = DirectoryBlocks.Window.Empty;
        int total = 0;
        for (int part = 0; part < parts; part++)
        {
            listed.Clear();
            total += Collect(part, ref window, listed);
            if (total > Limits.MaxDirectoryEntries)
            {
                _volume.OverLimit(_inode.Structure, $"directory of more than {Limits.MaxDirectoryEntries} entries");
            }

            foreach (DirectoryEntry entry in listed)
            {
                yield return entry;
            }
        }

        foreach (DirectoryEntry entry in _changes?.Added ?? [])
        {
            yield return entry;
        }
    }

    /// <summary>The inode that a name leads to, or 0.</summary>
    public uint Find(ReadOnlySpan<byte> name)
    {
        if (_changes is not null && _changes.TryGet(name, out uint changed))
        {
            return changed;
        }

        if (Parts > 0 && _blocks is not null && _inode.Size > ExtLimits.LinearDirectoryBytes)
        {
            uint? found = HashTree.Of(_volume, _inode, _blocks)?.Find(name);
            if (found is not null)
            {
                return found.Value;
            }
        }

        DirectoryBlocks.Window window = DirectoryBlocks.Window.Empty;
        for (int part = 0; part < Parts; part++)
        {
            DirentReader entries = Entries(part, ref window);
            while (entries.MoveNext())
            {
                if (entries.IsListed && entries.Name.SequenceEqual(name))
                {
                    return entries.Inode;
                }
            }
        }

        return 0;
    }

    // Blocks, or the two places inside an inode. Those of a directory that a fast commit made were never written.
    private int Parts => _changes?.IsNew == true ? 0 : _blocks?.Count ?? 2;

    private int Collect(int part, ref DirectoryBlocks.Window window, List<DirectoryEntry> listed)
    {
        int seen = 0;
        DirentReader entries = Entries(part, ref window);
        while (entries.MoveNext())
        {
            seen++;
            if (entries.IsListed && _changes?.TryGet(entries.Name, out _) != true)
            {
                listed.Add(new DirectoryEntry(entries.Name.ToArray(), entries.Inode));
            }
        }

        return seen;
    }

    private DirentReader Entries(int part, ref DirectoryBlocks.Window window)
    {
        if (_blocks is not null)
        {
            return new DirentReader(_volume, _blocks.Block(part, ref window), 0);
        }

        // inlinedata.rst: entries fill what i_block leaves behind the parent's number, and then the attribute.
        string structure = $"ext4 inline directory of inode {_inode.Number}";
        return part == 0
            ? new DirentReader(_volume, new StructReader(structure, _volume.Source.Name, ExtVolume.NoPlace, _inode.Body), InlineParentSize)
            : new DirentReader(_volume, new StructReader(structure, _volume.Source.Name, ExtVolume.NoPlace, _inode.InlineTail), 0);
    }
}

using System.Text;

namespace BlockRbd.GuestDisk.FileSystems.Ext.FastCommit;

/// <summary>Names that fast commits added to or took from one directory.</summary>
/// <param name="isNew">Whether they made the directory: then nothing else is in it.</param>
internal sealed class DirectoryChanges(bool isNew)
{
    private readonly Dictionary<string, uint> _names = new(StringComparer.Ordinal); // Latin-1, one character a byte; 0 is gone

    public bool IsNew { get; } = isNew;

    /// <summary>Names that were added, with their inodes.</summary>
    public IEnumerable<DirectoryEntry> Added =>
        _names.Where(name => name.Value != 0).Select(name => new DirectoryEntry(Encoding.Latin1.GetBytes(name.Key), name.Value));

    public void Set(string name, uint inode) => _names[name] = inode;

    /// <summary>Whether the name was changed, and to which inode (0: it is gone).</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out uint inode) => _names.TryGetValue(Encoding.Latin1.GetString(name), out inode);
}

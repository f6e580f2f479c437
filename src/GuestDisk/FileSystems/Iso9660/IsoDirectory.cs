namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>A directory's records, in the disk's order.</summary>
/// <param name="volume">The volume.</param>
/// <param name="section">Where the directory is.</param>
internal sealed class IsoDirectory(IsoVolume volume, IsoSection section)
{
    private const int WindowBytes = 16384;

    private byte[] _window = [];
    private long _windowStart;

    /// <summary>Every file and directory of it, without "." and "..", associated files, relocated directories and names that no path can have.</summary>
    public IEnumerable<IsoFile> List()
    {
        if (section.Length > IsoLimits.MaxDirectoryBytes)
        {
            volume.Throw(ImageFault.OverLimit, "ISO 9660 directory", $"{section.Length} bytes; {IsoLimits.MaxDirectoryBytes} are taken at most");
        }

        int records = 0;
        for (long at = 0; at < section.Length;)
        {
            if (++records > Limits.MaxDirectoryEntries)
            {
                volume.Throw(ImageFault.OverLimit, "ISO 9660 directory", $"more than {Limits.MaxDirectoryEntries} records");
            }

            if (ReadFile(ref at) is { } file && !file.Flags.HasFlag(IsoFlags.Associated) && file.Posix is not { IsRelocated: true } && !file.IsUnreachable)
            {
                yield return file;
            }
        }
    }

    /// <summary>The file of a name: the first one, as in GRUB.</summary>
    public IsoFile? Find(ReadOnlySpan<byte> name)
    {
        foreach (IsoFile file in List())
        {
            if (file.Matches(name))
            {
                return file;
            }
        }

        return null;
    }

    /// <summary>The file whose first record stands at a byte of the directory; null where none does.</summary>
    /// <param name="at">Where; afterwards where the next one stands.</param>
    public IsoFile? ReadFile(ref long at)
    {
        if (IsPadding(ref at))
        {
            return null;
        }

        long first = at;
        IsoRecord record = Read(at);
        at += record.Length;
        bool isNameless = record.IsDotOrDotDot;
        (long offset, byte[] systemUse) = record.SystemUse(volume.SystemUseSkip ?? 0);
        byte[] identifier = record.Identifier.ToArray();
        IsoFlags flags = record.Flags;
        bool isInterleaved = record.IsInterleaved;
        List<IsoSection> sections = [record.Section(volume.BlockBytes)];
        while (record.Flags.HasFlag(IsoFlags.MultiExtent)) // ECMA-119 9.1.6: not the last record of the file
        {
            record = NextSection(ref at, identifier, sections.Count);
            sections.Add(record.Section(volume.BlockBytes));
            isInterleaved |= record.IsInterleaved;
        }

        RockRidge? posix = volume.SystemUseSkip is null ? null : RockRidge.Read(volume, offset, systemUse);
        bool isPlain = posix is not { Name.Length: > 0 } && !volume.Descriptor.IsJoliet;
        byte[] name = isNameless ? []
            : posix is { Name.Length: > 0 } ? posix.Name.ToArray()
            : isPlain ? IsoName.Plain(identifier) : IsoName.Joliet(identifier);
        return new IsoFile(section.Start + first, name, isPlain, flags, sections, isInterleaved, posix);
    }

    // ECMA-119 6.8.1.1: a record doesn't go over the end of its sector; what is left there is zeros.
    private bool IsPadding(scoped ref long at)
    {
        if (Peek(at)[0] != 0)
        {
            return false;
        }

        at += volume.BlockBytes - ((section.Start + at) % volume.BlockBytes);
        return true;
    }

    private IsoRecord NextSection(scoped ref long at, ReadOnlySpan<byte> identifier, int count)
    {
        while (at < section.Length && IsPadding(ref at))
        {
        }

        if (at >= section.Length)
        {
            volume.Throw(ImageFault.Corrupt, IsoRecord.StructureName, $"{GuestPath.Display(identifier)}: its directory ends before its last section");
        }

        IsoRecord record = Read(at);
        at += record.Length;
        if (!record.Identifier.SequenceEqual(identifier))
        {
            volume.Throw(ImageFault.Corrupt, IsoRecord.StructureName, $"{GuestPath.Display(identifier)}: another file stands before its last section");
        }

        if (count == IsoLimits.MaxSections)
        {
            volume.Throw(ImageFault.OverLimit, IsoRecord.StructureName, $"{GuestPath.Display(identifier)}: more than {IsoLimits.MaxSections} sections");
        }

        return record;
    }

    private IsoRecord Read(long at) => IsoRecord.Read(volume.Source.Name, section.Start + at, Peek(at));

    /// <summary>The directory's bytes from <paramref name="at"/>, which is inside it: a whole record at least, where there is one.</summary>
    private ReadOnlySpan<byte> Peek(long at)
    {
        int wanted = (int)Math.Min(IsoRecord.MaxBytes, section.Length - at);
        if (at < _windowStart || at + wanted > _windowStart + _window.Length)
        {
            _window = volume.Source.ReadExactly(section.Start + at, (int)Math.Min(WindowBytes, section.Length - at));
            _windowStart = at;
        }

        return _window.AsSpan((int)(at - _windowStart), wanted);
    }
}

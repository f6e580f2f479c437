namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>What Rock Ridge says of a file (RRIP 4.1), and zisofs, which stands beside it.</summary>
internal sealed class RockRidge
{
    private const byte ContinueFlag = 1;
    private const byte CurrentFlag = 2;
    private const byte ParentFlag = 4;
    private const byte RootFlag = 8;
    private const int ComponentHeaderBytes = 2;

    private readonly List<byte> _name = [];
    private readonly List<byte> _link = [];
    private bool _joinsNext = true; // whether the next component of the link follows without a slash

    /// <summary>POSIX st_mode (PX); null where there is no PX.</summary>
    public int? Mode { get; private set; }

    public uint Uid { get; private set; }

    public uint Gid { get; private set; }

    /// <summary>The name (NM); empty where there is none.</summary>
    public ReadOnlySpan<byte> Name => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_name);

    /// <summary>The symbolic link's target (SL); null where it is none.</summary>
    public byte[]? Link => _hasLink ? [.. _link] : null;

    /// <summary>Whether this is the directory that another place stands for (RE): it is to be found only there.</summary>
    public bool IsRelocated { get; private set; }

    /// <summary>The block of the directory that this place stands for (CL); null where it is what it is.</summary>
    public uint? ChildBlock { get; private set; }

    /// <summary>Whether the file is recorded in a sparse way (SF).</summary>
    public bool IsSparse { get; private set; }

    /// <summary>How the file is packed (ZF); null where it isn't.</summary>
    public ZisofsHeader? Packing { get; private set; }

    private bool _hasLink;

    /// <summary>Reads a directory record's System Use area.</summary>
    /// <exception cref="ImageFormatException">An entry contradicts itself.</exception>
    public static RockRidge Read(IsoVolume volume, long offset, ReadOnlySpan<byte> systemUse)
    {
        RockRidge found = new();
        SuspReader entries = new(volume, offset, systemUse);
        while (entries.MoveNext())
        {
            found.Take(entries.Signature, entries.Entry);
        }

        return found;
    }

    private void Take(string signature, StructReader entry)
    {
        switch (signature)
        {
            case "PX": // RRIP 4.1.1; 44 bytes with a serial number, 36 before 1.12
                Mode = (int)(entry.U32(4) & 0xFFFF);
                (Uid, Gid) = (entry.U32(20), entry.U32(28));
                break;
            case "NM": // RRIP 4.1.4
                TakeName(entry);
                break;
            case "SL": // RRIP 4.1.3
                TakeLink(entry);
                break;
            case "CL": // RRIP 4.1.5.1
                ChildBlock = entry.U32(4);
                break;
            case "RE": // RRIP 4.1.5.3
                IsRelocated = true;
                break;
            case "SF": // RRIP 4.1.7
                IsSparse = true;
                break;
            case "ZF":
                Packing = ZisofsHeader.OfEntry(entry) ?? Packing;
                break;
            default: // PN, TF, PL, RR, ER, SP, ES, and those of others: nothing that is needed here
                break;
        }
    }

    private void TakeName(StructReader entry)
    {
        byte flags = entry.U8(4);
        if ((flags & (CurrentFlag | ParentFlag)) != 0)
        {
            _name.Clear();
            _name.AddRange((flags & CurrentFlag) != 0 ? "."u8 : ".."u8);
            return;
        }

        _name.AddRange(entry.Bytes(5, entry.Length - 5));
        if (_name.Count > IsoLimits.MaxNameBytes)
        {
            entry.OverLimit(4, $"a name of more than {IsoLimits.MaxNameBytes} bytes");
        }
    }

    private void TakeLink(StructReader entry)
    {
        _hasLink = true;
        for (int at = 5; at < entry.Length;)
        {
            byte flags = entry.U8(at);
            ReadOnlySpan<byte> content = entry.Bytes(at + ComponentHeaderBytes, entry.U8(at + 1));
            if (!_joinsNext)
            {
                _link.Add((byte)'/');
            }

            switch (flags & ~ContinueFlag) // RRIP 4.1.3.1
            {
                case 0:
                    _link.AddRange(content);
                    break;
                case CurrentFlag:
                    _link.AddRange("."u8);
                    break;
                case ParentFlag:
                    _link.AddRange(".."u8);
                    break;
                case RootFlag:
                    _link.AddRange("/"u8);
                    break;
                default: // the volume's root, the host's name: withdrawn in RRIP 1.12, and in no system's links
                    entry.Unsupported(at, $"a component of a symbolic link with flags 0x{flags:x}");
                    break;
            }

            if (_link.Count > Limits.MaxSymlinkBytes)
            {
                entry.OverLimit(at, $"a symbolic link of more than {Limits.MaxSymlinkBytes} bytes");
            }

            _joinsNext = (flags & (ContinueFlag | RootFlag)) != 0;
            at += ComponentHeaderBytes + content.Length;
        }
    }
}

namespace BlockRbd.GuestDisk.Volumes.Lvm;

/// <summary>Ceilings of the LVM2 reader.</summary>
internal static class LvmLimits
{
    /// <summary>Bytes of a volume group's text. pvcreate makes room for less than 1 MiB.</summary>
    public const int MaxTextBytes = 2 << 20;

    /// <summary>Sections inside each other; LVM2 has 4 levels.</summary>
    public const int MaxDepth = 8;

    /// <summary>Values and sections of a text.</summary>
    public const int MaxValues = 200_000;

    /// <summary>Metadata areas of one physical volume; LVM2 makes 2 at most.</summary>
    public const int MaxAreas = 8;

    /// <summary>Bytes of a metadata area: its ring's offsets are counted in it.</summary>
    public const long MaxAreaBytes = 1L << 40;

    /// <summary>extent_size in sectors (LVM2: a power of two up to 16 GiB in the lvm2 format's 32 bits).</summary>
    public const long MaxExtentSectors = uint.MaxValue;

    /// <summary>Extents of a logical volume (LVM2: 32 bits).</summary>
    public const long MaxExtents = uint.MaxValue;

    /// <summary>Logical volumes of a group.</summary>
    public const int MaxVolumes = 4096;

    /// <summary>Segments of a logical volume.</summary>
    public const int MaxSegments = 65_536;

    /// <summary>Members of a segment.</summary>
    public const int MaxStripes = 256;

    /// <summary>stripe_size in sectors: 512 MiB.</summary>
    public const long MaxStripeSectors = 1 << 20;

    /// <summary>Logical volumes that lie on each other: raid10 on rimage on pvmove is 3.</summary>
    public const int MaxNesting = 8;

    /// <summary>Bytes of a volume: offsets of 64 bits.</summary>
    public const long MaxBytes = 1L << 60;
}

namespace BlockRbd.GuestDisk;

/// <summary>What kind of trouble a guest's bytes made; decides a program's exit code.</summary>
public enum ImageFault
{
    /// <summary>The bytes are not of this kind at all (no magic number). Another reader may know them.</summary>
    NotRecognized,

    /// <summary>The bytes are of this kind and may be in order, but use something that this reader does not do.</summary>
    Unsupported,

    /// <summary>The bytes contradict themselves or their checksum.</summary>
    Corrupt,

    /// <summary>Reading on would go over one of <see cref="Limits"/>.</summary>
    OverLimit,

    /// <summary>The structure lies partly or wholly behind the end of its device.</summary>
    Truncated,

    /// <summary>A part of it is on a device that is not among the guest's: a physical volume, a member of an array.</summary>
    Incomplete,
}

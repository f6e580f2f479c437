namespace BlockRbd.Ceph.Targets;

/// <summary>How a domain may use an image; xl's own words, with <c>!</c> for "no attach lock is asked for".</summary>
public enum AccessMode
{
    /// <summary><c>r</c>: any number of readers, no writer beside them.</summary>
    Read,

    /// <summary><c>w</c>: one writer, nobody beside it.</summary>
    Write,

    /// <summary><c>r!</c>: read-only, without the lock.</summary>
    ReadUnchecked,

    /// <summary><c>w!</c>: writable, without the lock.</summary>
    WriteUnchecked,
}

/// <summary>Spelling of <see cref="AccessMode"/> and what may become of xl's.</summary>
public static class AccessModes
{
    /// <summary>Whether the domain may write.</summary>
    public static bool IsWritable(this AccessMode mode) => mode is AccessMode.Write or AccessMode.WriteUnchecked;

    /// <summary>Whether the attach lock is taken.</summary>
    public static bool IsLocked(this AccessMode mode) => mode is AccessMode.Read or AccessMode.Write;

    /// <summary>The spelling in a target: w, r, w! or r!.</summary>
    public static string Spelling(this AccessMode mode) => mode switch
    {
        AccessMode.Read => "r",
        AccessMode.Write => "w",
        AccessMode.ReadUnchecked => "r!",
        _ => "w!",
    };

    /// <summary>The mode of a spelling; false where it is none of the four.</summary>
    public static bool TryParse(string text, out AccessMode mode)
    {
        foreach (AccessMode candidate in (ReadOnlySpan<AccessMode>)[AccessMode.Read, AccessMode.Write, AccessMode.ReadUnchecked, AccessMode.WriteUnchecked])
        {
            if (candidate.Spelling() == text)
            {
                mode = candidate;
                return true;
            }
        }

        mode = default;
        return false;
    }
}

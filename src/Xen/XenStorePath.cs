namespace BlockRbd.Xen;

/// <summary>What a node's path may be (docs/misc/xenstore.txt): checked before it is sent, because a daemon drops clients that break it.</summary>
public static class XenStorePath
{
    /// <summary>Letters, digits and - / _ @; no empty part, no slash at the end but the root's.</summary>
    public static bool IsValid(string path)
    {
        bool absolute = path.StartsWith('/');
        int limit = absolute ? XenStoreLimits.MaxAbsolutePath : XenStoreLimits.MaxRelativePath;
        if (path.Length == 0 || path.Length > limit || path.Contains("//", StringComparison.Ordinal))
        {
            return false;
        }

        if (path.Length > 1 && path.EndsWith('/'))
        {
            return false;
        }

        foreach (char c in path)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '/' or '_' or '@'))
            {
                return false;
            }
        }

        return true;
    }
}

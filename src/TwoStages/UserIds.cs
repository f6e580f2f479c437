using System.Globalization;
using System.Runtime.InteropServices;
using BlockRbd.Linux;

namespace BlockRbd.TwoStages;

/// <summary>The user of --runas.</summary>
/// <param name="Uid">User.</param>
/// <param name="Gid">Its only group.</param>
public sealed record UserIds(uint Uid, uint Gid)
{
    private const string PasswordFile = "/etc/passwd";

    // libxl runs each domain's device model as this user's uid and the domain's number (LIBXL_QEMU_USER_RANGE_BASE). Domain 0 has none, so its number is free.
    private const string XenRange = "xen-qemuuser-range-base";

    /// <summary>Linux' overflowuid, and "nobody" everywhere.</summary>
    private const uint Nobody = 65534;

    /// <summary>Who reads the guest's bytes.</summary>
    /// <param name="runAs">What --runas says, or null.</param>
    /// <returns>Null for an ordinary user, who stays.</returns>
    /// <exception cref="StageException">There is no such user.</exception>
    public static UserIds? ForReading(string? runAs) =>
        runAs is not null ? Of(runAs)
        : Libc.GetEUid() != 0 ? null
        : Find(XenRange, File.Exists(PasswordFile) ? File.ReadLines(PasswordFile) : []) ?? new UserIds(Nobody, Nobody);

    /// <summary>Finds the user.</summary>
    /// <param name="user">A number, whose group is the same number as in pygrub, or a name of /etc/passwd.</param>
    /// <exception cref="StageException">There is none.</exception>
    public static UserIds Of(string user) => Of(user, () => File.ReadLines(PasswordFile));

    internal static UserIds Of(string user, Func<IEnumerable<string>> passwordLines)
    {
        // The last number is setresuid's "leave as it is".
        if (uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number < uint.MaxValue)
        {
            return new UserIds(number, number);
        }

        return Find(user, passwordLines()) ?? throw new StageException(StageFault.Usage, $"--runas {user}: neither a user id nor a name in {PasswordFile}");
    }

    // passwd(5): name:password:UID:GID:comment:directory:shell
    private static UserIds? Find(string user, IEnumerable<string> passwordLines)
    {
        foreach (string line in passwordLines)
        {
            string[] fields = line.Split(':');
            if (fields.Length >= 4 && fields[0] == user
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint uid)
                && uint.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out uint gid))
            {
                return new UserIds(uid, gid);
            }
        }

        return null;
    }

    /// <summary>Becomes this user for good, in every thread.</summary>
    /// <exception cref="StageException">That is not allowed.</exception>
    public void Take()
    {
        Check(Libc.SetGroups(0, []));
        Check(Libc.SetResGid(Gid, Gid, Gid));
        Check(Libc.SetResUid(Uid, Uid, Uid));
        Check(Libc.PrCtl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    }

    private void Check(int result)
    {
        if (result < 0)
        {
            throw new StageException(
                StageFault.Privileges, $"--runas {Uid}: {Marshal.GetLastPInvokeErrorMessage()}: only root can become somebody else");
        }
    }
}

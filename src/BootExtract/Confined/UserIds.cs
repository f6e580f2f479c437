using System.Globalization;
using System.Runtime.InteropServices;
using BlockRbd.Linux;

namespace BlockRbd.BootExtract.Confined;

/// <summary>The user of --runas.</summary>
/// <param name="Uid">User.</param>
/// <param name="Gid">Its only group.</param>
internal sealed record UserIds(uint Uid, uint Gid)
{
    private const string PasswordFile = "/etc/passwd";

    /// <summary>Finds the user.</summary>
    /// <param name="user">A number, whose group is the same number as in pygrub, or a name of /etc/passwd.</param>
    /// <exception cref="ExtractException">There is none.</exception>
    public static UserIds Of(string user) => Of(user, () => File.ReadLines(PasswordFile));

    internal static UserIds Of(string user, Func<IEnumerable<string>> passwordLines)
    {
        // The last number is setresuid's "leave as it is".
        if (uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number < uint.MaxValue)
        {
            return new UserIds(number, number);
        }

        // passwd(5): name:password:UID:GID:comment:directory:shell
        foreach (string line in passwordLines())
        {
            string[] fields = line.Split(':');
            if (fields.Length >= 4 && fields[0] == user
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint uid)
                && uint.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out uint gid))
            {
                return new UserIds(uid, gid);
            }
        }

        throw new ExtractException(ExitCode.Usage, $"--runas {user}: neither a user id nor a name in {PasswordFile}");
    }

    /// <summary>Becomes this user for good, in every thread.</summary>
    /// <exception cref="ExtractException">That is not allowed.</exception>
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
            throw new ExtractException(
                ExitCode.Privileges, $"--runas {Uid}: {Marshal.GetLastPInvokeErrorMessage()}: only root can become somebody else");
        }
    }
}

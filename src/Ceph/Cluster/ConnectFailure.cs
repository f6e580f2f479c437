using BlockRbd.Ceph.Targets;

namespace BlockRbd.Ceph;

/// <summary>The sentence for a connection that didn't come about. ENOENT alone means two things, which are told apart by what the host has.</summary>
internal static class ConnectFailure
{
    public static CephException Of(int result, CephCluster cluster, TargetOptions options)
    {
        string monitors = cluster.Setting("mon_host");
        string keyring = cluster.Setting("keyring");
        string conf = CephCluster.ConfigurationPath(options);
        return -result switch
        {
            CephErrno.ENOENT when monitors.Length == 0 => new CephException(
                CephFault.Configuration, $"{conf} names no monitors (mon_host)", -result),
            CephErrno.ENOENT => new CephException(
                CephFault.Authentication,
                $"there is no keyring for {cluster.User}: none of {keyring} exists ('ceph auth get {cluster.User} -o FILE' makes one)", -result),
            CephErrno.EACCES or CephErrno.EPERM => new CephException(
                CephFault.Authentication,
                $"the monitors refuse {cluster.User}: its key in {keyring} is wrong or missing, or there is no such user"
                + $" ('ceph auth get {cluster.User}' shows the right key)", -result),
            // KeyRing and CephxClientHandler answer so where what stands behind "key =" is no key.
            CephErrno.EIO => new CephException(
                CephFault.Authentication,
                $"the keyring of {cluster.User} can't be used: what {keyring} has as its key is none ('ceph auth get {cluster.User}' shows the right one)", -result),
            CephErrno.ETIMEDOUT => new CephException(
                CephFault.Timeout, $"no monitor answered in time: tried {monitors}", -result),
            _ => CephFailure.Of(result, cluster.User, $"connecting to the monitors {monitors}"),
        };
    }
}

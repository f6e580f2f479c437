using System.Runtime.InteropServices;

namespace BlockRbd.Ceph;

/// <summary>The sentence for an error number of Ceph's.</summary>
internal static class CephFailure
{
    /// <param name="result">What a call returned, negative.</param>
    /// <param name="user">"client.xen".</param>
    /// <param name="what">What was to be done, as "reading image p/i".</param>
    /// <returns>The exception, for the caller to throw.</returns>
    public static CephException Of(int result, string user, string what) => -result switch
    {
        CephErrno.EPERM or CephErrno.EACCES => new CephException(
            CephFault.NotPermitted,
            $"{user} may not do this: {what} ('ceph auth get {user}' shows its caps; 'profile rbd' for mon and osd is what is needed)", -result),
        CephErrno.ETIMEDOUT => new CephException(
            CephFault.Timeout, $"the cluster did not answer in time: {what} ('ceph -s' shows whether its OSDs are up)", -result),
        CephErrno.ESHUTDOWN => new CephException(
            CephFault.Blocklisted, $"this client is on the cluster's blocklist: {what} ('ceph osd blocklist ls' shows it)", -result),
        CephErrno.ENOENT => new CephException(CephFault.NotFound, $"not there any more: {what}", -result),
        CephErrno.EROFS => new CephException(
            CephFault.Unsupported, $"read-only, because it is a snapshot or a mirror's non-primary image: {what}", -result),
        _ => new CephException(CephFault.Other, $"{what}: {Marshal.GetPInvokeErrorMessage(-result)} ({-result})", -result),
    };

    public static CephException NoLibrary(string library) => new(
        CephFault.LibraryMissing,
        $"{library} can't be loaded: install Ceph's client libraries (Debian: librados2 librbd1; RPM: librados2 librbd1)");
}

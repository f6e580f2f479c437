using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace BlockRbd.Ceph.Native;

/// <summary>librados, include/rados/librados.h: one file for each group of calls; constants keep the header's names. No logic stands here.</summary>
internal static partial class Rados
{
    /// <summary>Loaded at run time, at the first call: a host without Ceph still starts the program.</summary>
    internal const string Library = "librados.so.2";
}

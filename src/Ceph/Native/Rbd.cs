namespace BlockRbd.Ceph.Native;

/// <summary>librbd, include/rbd/librbd.h: one file for each group of calls; constants keep the header's names. No logic stands here.</summary>
internal static partial class Rbd
{
    /// <summary>Loaded at run time, at the first call.</summary>
    internal const string Library = "librbd.so.1";
}

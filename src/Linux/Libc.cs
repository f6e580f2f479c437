namespace BlockRbd.Linux;

/// <summary>The C library's functions, one file for each; constants keep the header's names. No logic stands here.</summary>
public static partial class Libc
{
    internal const string Library = "libc";
}

using System.Diagnostics.CodeAnalysis;

namespace BlockRbd.Unpacking;

/// <summary>What kind of trouble packed bytes made.</summary>
public enum UnpackFault
{
    /// <summary>They contradict themselves, their format or their checksum.</summary>
    Corrupt,

    /// <summary>They end before the packed data does.</summary>
    Truncated,

    /// <summary>They may be in order, but use something that is not done here.</summary>
    Unsupported,

    /// <summary>What comes out, or the window needed for it, is larger than the caller allows.</summary>
    OverLimit,
}

/// <summary>The one exception about packed bytes, whatever they are. An error of the caller's own streams passes as it is.</summary>
/// <param name="fault">The kind of trouble.</param>
/// <param name="format">The format, in its own words: "xz block".</param>
/// <param name="problem">What is wrong with it.</param>
public sealed class UnpackException(UnpackFault fault, string format, string problem) : IOException($"{format}: {problem}")
{
    /// <summary>The kind of trouble.</summary>
    public UnpackFault Fault { get; } = fault;

    /// <summary>The format: "xz block".</summary>
    public string Format { get; } = format;

    /// <summary>What is wrong, without the format.</summary>
    public string Problem { get; } = problem;

    [DoesNotReturn]
    internal static void Corrupt(string format, string problem) => throw new UnpackException(UnpackFault.Corrupt, format, problem);

    [DoesNotReturn]
    internal static void Truncated(string format) => throw new UnpackException(UnpackFault.Truncated, format, "the packed data is cut off");

    [DoesNotReturn]
    internal static void Unsupported(string format, string problem) => throw new UnpackException(UnpackFault.Unsupported, format, problem);

    [DoesNotReturn]
    internal static void OverLimit(string format, long limit) =>
        throw new UnpackException(UnpackFault.OverLimit, format, $"unpacks to more than the {limit} bytes that it may");
}

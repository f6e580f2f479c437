using BlockRbd.Unpacking;

namespace BlockRbd.GuestKernel;

/// <summary>The one exception about a kernel's bytes, whatever they are. An error of reading the file itself passes as it is.</summary>
/// <param name="fault">The kind of trouble.</param>
/// <param name="problem">What is wrong, in words that follow the file's name: "is neither a bzImage nor an ELF file".</param>
/// <param name="cause">What was caught, if anything.</param>
public sealed class KernelException(UnpackFault fault, string problem, Exception? cause = null) : IOException(problem, cause)
{
    /// <summary>The kind of trouble.</summary>
    public UnpackFault Fault { get; } = fault;
}

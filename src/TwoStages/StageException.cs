namespace BlockRbd.TwoStages;

/// <summary>Why the two processes can't do their work together. Each program has an exit code for it.</summary>
public enum StageFault
{
    /// <summary>The command line or the environment can't be used.</summary>
    Usage,

    /// <summary>A right is missing, or a layer of confinement that was asked for.</summary>
    Privileges,

    /// <summary>A limit would be passed.</summary>
    OverLimit,

    /// <summary>The output can't be written.</summary>
    Output,

    /// <summary>A process can't be started, ended by itself, or doesn't keep to the protocol.</summary>
    Broken,
}

/// <summary>One of the two processes can't go on. The message is one line for a person.</summary>
/// <param name="fault">Why.</param>
/// <param name="message">The line.</param>
public sealed class StageException(StageFault fault, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public StageFault Fault { get; } = fault;
}

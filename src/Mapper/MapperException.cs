namespace BlockRbd.Mapper;

/// <summary>An attach or detach can't go on. The message is one sentence that an administrator can act on.</summary>
public sealed class MapperException(ExitCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the program ends with.</summary>
    public ExitCode Code { get; } = code;
}

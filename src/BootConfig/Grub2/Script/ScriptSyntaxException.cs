namespace BlockRbd.BootConfig.Grub2;

/// <summary>A line, or the lines of one construct, that GRUB's parser refuses. Never leaves this folder.</summary>
internal sealed class ScriptSyntaxException(ScriptPosition position, string problem) : Exception(problem)
{
    public ScriptPosition Position { get; } = position;
}

namespace BlockRbd.BootConfig.Grub2;

/// <summary>The positional parameters of a function call or a menu entry.</summary>
internal sealed class GrubScope(IReadOnlyList<string> arguments)
{
    private readonly IReadOnlyList<string> _arguments = arguments;
    private int _shifted;

    public int Count => _arguments.Count - _shifted;

    /// <summary>$1 has number 1.</summary>
    public string At(int number) => _arguments[_shifted + number - 1];

    /// <returns>False, and nothing happens, where there are fewer.</returns>
    public bool Shift(ulong count)
    {
        if (count > (ulong)Count)
        {
            return false;
        }

        _shifted += (int)count;
        return true;
    }
}

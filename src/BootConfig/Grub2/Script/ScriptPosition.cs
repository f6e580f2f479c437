namespace BlockRbd.BootConfig.Grub2;

/// <summary>A place in a script.</summary>
/// <param name="File">As GRUB names it: "(hd0,msdos1)/boot/grub/grub.cfg".</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Bytes, counted from 1.</param>
internal readonly record struct ScriptPosition(string File, int Line, int Column)
{
    public override string ToString() => $"{GuestText.Display(File)}:{Line}:{Column}";

    /// <summary>The place <paramref name="columns"/> further on the same line.</summary>
    public ScriptPosition Right(int columns) => this with { Column = Column + columns };
}

namespace BlockRbd.MenuLstGen.Output;

/// <summary>Where what was made of a guest goes. The initrds first: a menu never names one that isn't there.</summary>
internal interface IGenOutput
{
    /// <summary>Takes a joined initrd.</summary>
    /// <param name="initrd">Its names.</param>
    /// <param name="content">Where its bytes come from.</param>
    void Initrd(MergedName initrd, IMergedContent content);

    /// <summary>Takes the menu, the last of all.</summary>
    /// <param name="text">The menu.lst, a character a byte.</param>
    void Menu(string text);
}

/// <summary>What a joined initrd is called.</summary>
/// <param name="MenuPath">What the menu calls it.</param>
/// <param name="Name">Its file's name.</param>
/// <param name="Parts">Of how many it is made.</param>
internal sealed record MergedName(string MenuPath, string Name, int Parts);

/// <summary>A joined initrd's bytes.</summary>
internal interface IMergedContent
{
    /// <summary>Bytes.</summary>
    long Size { get; }

    /// <summary>Gives all of them to <paramref name="write"/>, in order.</summary>
    void CopyTo(Action<ReadOnlyMemory<byte>> write);
}

namespace BlockRbd.BootConfig;

/// <summary>An entry of a menu as it stands in a list without submenus.</summary>
/// <param name="Entry">The entry; never a submenu.</param>
/// <param name="Parents">Titles of the submenus around it, the outermost first.</param>
public sealed record MenuRow(BootEntry Entry, IReadOnlyList<string> Parents);

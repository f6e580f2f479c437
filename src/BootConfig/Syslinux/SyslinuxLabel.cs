namespace BlockRbd.BootConfig.Syslinux;

/// <summary>How a label's file is started: the directive that named it.</summary>
internal enum SyslinuxKind
{
    /// <summary>KERNEL, or no directive at all: the file's extension tells.</summary>
    Kernel,

    /// <summary>LINUX: a Linux kernel whatever its name is.</summary>
    Linux,

    /// <summary>LOCALBOOT.</summary>
    LocalBoot,

    /// <summary>BOOT: a boot sector.</summary>
    Boot,

    /// <summary>BSS: a boot sector for SYSLINUX.</summary>
    Bss,

    /// <summary>PXE: a network boot program.</summary>
    Pxe,

    /// <summary>FDIMAGE: a floppy's image.</summary>
    FdImage,

    /// <summary>COMBOOT: a COMBOOT program.</summary>
    ComBoot,

    /// <summary>COM32: a COM32 module.</summary>
    Com32,

    /// <summary>CONFIG: another configuration.</summary>
    Config,
}

/// <summary>A LABEL with what stands below it (struct labeldata of readconfig.c).</summary>
internal sealed class SyslinuxLabel
{
    /// <summary>The label's name: the first word behind LABEL.</summary>
    public required string Name { get; init; }

    /// <summary>All behind LABEL, which is what people see where there is no MENU LABEL and the name has blanks.</summary>
    public required string Written { get; init; }

    /// <summary>The file and line it stands on.</summary>
    public required string Place { get; init; }

    /// <summary>The directory that its paths are relative to.</summary>
    public required BootFile Folder { get; init; }

    /// <summary>What starts the file.</summary>
    public SyslinuxKind Kind { get; set; }

    /// <summary>The file, and words behind it; the label's own name unless a directive says more.</summary>
    public required string Kernel { get; set; }

    /// <summary>APPEND of the label; null where it has none.</summary>
    public string? Append { get; set; }

    /// <summary>INITRD; null where there is none.</summary>
    public string? Initrd { get; set; }

    /// <summary>U-Boot's FDT: the device tree; null where there is none.</summary>
    public string? DeviceTree { get; set; }

    /// <summary>MENU LABEL; null where there is none.</summary>
    public string? MenuLabel { get; set; }

    /// <summary>MENU DEFAULT.</summary>
    public bool IsMenuDefault { get; set; }

    /// <summary>MENU HIDE: can be named, isn't shown.</summary>
    public bool IsHidden { get; set; }

    /// <summary>Boots nothing: MENU DISABLE, MENU QUIT, and ways between menus, MENU GOTO and MENU EXIT.</summary>
    public bool IsNavigation { get; set; }
}

/// <summary>One line of a menu: a label, or a submenu.</summary>
internal sealed class SyslinuxNode
{
    /// <summary>What people read, "^" and all.</summary>
    public required string Title { get; set; }

    /// <summary>The label; null for a submenu.</summary>
    public SyslinuxLabel? Label { get; init; }

    /// <summary>The submenu; null for a label.</summary>
    public SyslinuxMenu? Submenu { get; set; }
}

/// <summary>A menu: the configuration itself, or MENU BEGIN to MENU END.</summary>
/// <param name="parent">The menu around it; null for the outermost one.</param>
/// <param name="opener">The line of <paramref name="parent"/> that opens it.</param>
/// <param name="place">The file and line that it begins on.</param>
internal sealed class SyslinuxMenu(SyslinuxMenu? parent, SyslinuxNode? opener, string place)
{
    /// <summary>The menu around it.</summary>
    public SyslinuxMenu? Parent => parent;

    /// <summary>The line of the menu around it that opens it.</summary>
    public SyslinuxNode? Opener => opener;

    /// <summary>The file and line that it begins on.</summary>
    public string Place => place;

    /// <summary>How many menus are around it.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>MENU TITLE.</summary>
    public string Title { get; set; } = string.Empty;

    /// <summary>The lines that boot something or open a menu.</summary>
    public List<SyslinuxNode> Nodes { get; } = [];

    /// <summary>MENU DEFAULT; null where no line has it.</summary>
    public SyslinuxNode? Default { get; set; }
}

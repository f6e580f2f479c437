namespace BlockRbd.BootConfig.Grub2;

/// <summary>What the loader commands of a run have loaded so far.</summary>
internal sealed class LoadedSystem
{
    /// <summary>Whether <c>boot</c> would do something.</summary>
    public bool IsLoaded => Linux is not null || Multiboot is not null || Other is not null;

    /// <summary>Of <c>linux</c>.</summary>
    public LoadedFile? Linux { get; private set; }

    /// <summary>Of the last <c>initrd</c>.</summary>
    public IReadOnlyList<BootFile> Initrds { get; set; } = [];

    /// <summary>Of <c>multiboot</c>: a hypervisor.</summary>
    public LoadedFile? Multiboot { get; private set; }

    /// <summary>Of each <c>module</c>, in order.</summary>
    public List<LoadedFile> Modules { get; } = [];

    /// <summary>Another loader's command, for people.</summary>
    public string? Other { get; private set; }

    public void Clear()
    {
        Linux = null;
        Multiboot = null;
        Other = null;
        Initrds = [];
        Modules.Clear();
    }

    public void SetLinux(LoadedFile kernel)
    {
        Clear();
        Linux = kernel;
    }

    public void SetMultiboot(LoadedFile hypervisor)
    {
        Clear();
        Multiboot = hypervisor;
    }

    public void SetOther(string what)
    {
        Clear();
        Other = what;
    }
}

/// <summary>A file that was loaded, with the words behind it.</summary>
internal sealed record LoadedFile(BootFile File, List<string> Arguments);

namespace BlockRbd.BootExtract.Output;

/// <summary>What was chosen and copied, before it is known where the copies stand. Texts hold a byte in each character.</summary>
/// <param name="Kernel">The kernel's path in the guest.</param>
/// <param name="Ramdisks">The initrds' paths in the guest; they are one file outside.</param>
/// <param name="Arguments">The kernel's command line.</param>
/// <param name="Entry">The entry that it comes from; null where --kernel named the file.</param>
internal sealed record BootAnswer(string Kernel, IReadOnlyList<string> Ramdisks, string Arguments, EntryDescription? Entry)
{
    /// <summary>What stands for the kernel where nothing is copied (-n).</summary>
    public string KernelPlaceholder => $"<kernel:{Kernel}>";

    /// <summary>The same for the ramdisk: a guest's several initrds are one value with spaces, as in the list; null without any.</summary>
    public string? RamdiskPlaceholder => Ramdisks.Count == 0 ? null : $"<ramdisk:{string.Join(' ', Ramdisks)}>";
}

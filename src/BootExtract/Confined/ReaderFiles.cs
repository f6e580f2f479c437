using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Confined;

/// <summary>What the process that reads the guest finds open besides the disks.</summary>
/// <param name="Questions">The pipe that the menu's questions come from; null where there is no menu.</param>
/// <param name="Kernel">The kernel's file; null where nothing is copied.</param>
/// <param name="Ramdisk">The ramdisk's.</param>
internal sealed record ReaderFiles(SafeFileHandle? Questions, SafeFileHandle? Kernel, SafeFileHandle? Ramdisk)
{
    /// <summary>In the order in which they are handed over.</summary>
    public IReadOnlyList<SafeFileHandle?> Handed => [Questions, Kernel, Ramdisk];

    /// <summary>Takes what was handed over.</summary>
    public static ReaderFiles Of(StageOrders orders) => new(orders.Files[0], orders.Files[1], orders.Files[2]);
}

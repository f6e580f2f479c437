using BlockRbd.BootConfig;

namespace BlockRbd.BootExtract.Reading;

/// <summary>What is going to be handed over.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Initrds">The initrds, in their order.</param>
/// <param name="Arguments">The command line.</param>
/// <param name="Entry">The entry; null where --kernel named the file.</param>
/// <param name="Plan">What the entry boots; null where --kernel named the file.</param>
internal sealed record BootChoice(BootFile Kernel, IReadOnlyList<BootFile> Initrds, string Arguments, BootEntry? Entry, LinuxBoot? Plan);

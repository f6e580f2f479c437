namespace BlockRbd.BootConfig;

/// <summary>What came of looking for a boot configuration on all of a guest's volumes.</summary>
/// <param name="Menu">The menu that wins, or null where nothing usable was found.</param>
/// <param name="Looked">Every place that was looked at, in order, and why it was passed over or taken.</param>
public sealed record BootSearch(BootMenu? Menu, IReadOnlyList<LookedAt> Looked);

/// <summary>One place that was looked at.</summary>
/// <param name="Place">"(hd0,msdos1)/boot/grub/grub.cfg", or a volume.</param>
/// <param name="Outcome">"taken: GRUB 2, 5 entries", "not there", "syntax error: …".</param>
public sealed record LookedAt(string Place, string Outcome);

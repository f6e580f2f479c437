using BlockRbd.Mapper.State;

namespace BlockRbd.Mapper.People;

/// <summary>One attached disk as `status` shows it.</summary>
/// <param name="Record">What this host recorded.</param>
/// <param name="Lock">Who holds the image's attach lock, each as a sentence; null where the cluster wasn't asked or didn't answer.</param>
/// <param name="Watchers">The addresses of clients that have the image open; null as for the lock.</param>
/// <param name="Problems">What doesn't fit, each as a sentence.</param>
internal sealed record AttachedDisk(
    AttachRecord Record, IReadOnlyList<string>? Lock, IReadOnlyList<string>? Watchers, IReadOnlyList<string> Problems);

namespace BlockRbd.Xen;

/// <summary>What xenstore or the environment says about a disk cannot be used. The message is for an administrator.</summary>
public sealed class AttachRequestException(string message) : Exception(message);

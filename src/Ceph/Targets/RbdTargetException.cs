namespace BlockRbd.Ceph.Targets;

/// <summary>A target or a configuration that can't be understood; the message quotes it, with control characters escaped.</summary>
public sealed class RbdTargetException(string message) : FormatException(message);

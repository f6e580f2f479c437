namespace BlockRbd.BootConfig;

/// <summary>A boot configuration, or one entry of it, can't be used. The message is one sentence with the place: "grub.cfg:12:3: …".</summary>
/// <param name="message">The sentence; guest text in it is already escaped.</param>
public sealed class BootConfigException(string message) : Exception(message);

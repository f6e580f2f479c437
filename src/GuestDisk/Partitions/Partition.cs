namespace BlockRbd.GuestDisk.Partitions;

/// <summary>One partition as its table describes it. Nothing says that it lies inside its disk.</summary>
/// <param name="Scheme">GRUB's name of the table: "msdos", "gpt", "bsd", "netbsd", "openbsd", "sun", "sunpc".</param>
/// <param name="Number">Number from 1, as Linux and GRUB count: logical ones from 5.</param>
/// <param name="Type">As blkid's PART_ENTRY_TYPE: "0x83", or GPT's type GUID in lower case.</param>
/// <param name="Name">GPT's name; empty for msdos.</param>
/// <param name="Uuid">PARTUUID: GPT's unique GUID, or the disk's signature and the number: "0badcafe-01". Empty where the disk has no signature.</param>
/// <param name="Attributes">GPT's attribute bits, or msdos' boot indicator (0x80: active).</param>
/// <param name="Start">First byte on the disk.</param>
/// <param name="Length">Bytes.</param>
public sealed record Partition(
    string Scheme, int Number, string Type, string Name, string Uuid, ulong Attributes, long Start, long Length)
{
    /// <summary>The partition whose own table it stands in; null where that is the disk's.</summary>
    public Partition? Parent { get; init; }

    /// <summary>GRUB's name below its disk: "msdos5", "gpt2", "msdos1,bsd1". NetBSD's and OpenBSD's are the disk's, whichever partition has their label.</summary>
    public string GrubName => (Scheme is "netbsd" or "openbsd" ? Parent?.Parent : Parent) is { } outer ? $"{outer.GrubName},{Scheme}{Number}" : $"{Scheme}{Number}";
}

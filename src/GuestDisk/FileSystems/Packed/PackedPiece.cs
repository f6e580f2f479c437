namespace BlockRbd.GuestDisk.FileSystems.Packed;

/// <summary>A piece of a filesystem that is packed by itself. Two that are equal unpack to the same bytes.</summary>
/// <param name="Start">Where it begins, in bytes of what it is read from.</param>
/// <param name="PackedBytes">Bytes there.</param>
/// <param name="UnpackedBytes">Most bytes that may come out.</param>
/// <param name="Form">How it is packed, in the filesystem's own numbers.</param>
internal readonly record struct PackedPiece(long Start, int PackedBytes, int UnpackedBytes, int Form = 0);

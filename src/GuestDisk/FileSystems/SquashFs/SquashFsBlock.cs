namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>Where a block of data or of fragments stands.</summary>
/// <param name="Start">First byte of the source.</param>
/// <param name="Bytes">Bytes there; none of a block of zeros.</param>
/// <param name="IsPacked">Whether they are packed.</param>
internal readonly record struct SquashFsBlock(long Start, int Bytes, bool IsPacked);

using BlockRbd.GuestDisk.FileSystems.Packed;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>Blocks of data and fragments, unpacked.</summary>
internal sealed class SquashFsBlocks(BlockSource source, BlockPacking packing) : PackedPieces
{
    public const string StructureName = "SquashFS data block";

    private readonly ReadAhead _packed = new(source);

    protected override void ReadPacked(PackedPiece piece, Span<byte> packed) => _packed.Read(piece.Start, packed);

    protected override int Unpack(PackedPiece piece, ReadOnlySpan<byte> packed, Span<byte> unpacked) => BlockUnpacker.Unpack(packing, packed, unpacked);

    protected override ImageFormatException Bad(PackedPiece piece, string problem) => new(ImageFault.Corrupt, StructureName, source.Name, piece.Start, problem);
}

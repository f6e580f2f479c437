using System.IO.Compression;
using Xunit;

namespace BlockRbd.Unpacking.Tests;

/// <summary>Blocks as filesystems have them.</summary>
public sealed class BlockUnpackerTests
{
    private static readonly byte[] Block = Packed.Sample.AsSpan(100_000, 128 << 10).ToArray();

    public static TheoryData<BlockPacking> Packings => [.. Enum.GetValues<BlockPacking>()];

    [Theory]
    [MemberData(nameof(Packings))]
    public void A_block_comes_out_as_it_went_in(BlockPacking packing)
    {
        byte[] unpacked = new byte[Block.Length + 1];

        Assert.Equal(Block.Length, BlockUnpacker.Unpack(packing, Pack(packing), unpacked));
        Assert.Equal(Block, unpacked[..Block.Length]);
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public void More_than_the_destination_holds_is_an_error_except_where_a_part_is_asked_for(BlockPacking packing)
    {
        byte[] unpacked = new byte[Block.Length - 1000];
        if (packing == BlockPacking.Lz4Partial)
        {
            Assert.Equal(unpacked.Length, BlockUnpacker.Unpack(packing, Pack(packing), unpacked));
            Assert.Equal(Block[..unpacked.Length], unpacked);
            return;
        }

        UnpackException caught = Assert.Throws<UnpackException>(() => BlockUnpacker.Unpack(packing, Pack(packing), unpacked));
        Assert.Equal(UnpackFault.OverLimit, caught.Fault);
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public void Hostile_bytes_end_in_the_one_exception_or_inside_the_destination(BlockPacking packing)
    {
        byte[] packed = Pack(packing), unpacked = new byte[Block.Length];
        Random random = new(3);
        for (int i = 0; i < 300; i++)
        {
            byte[] hostile = [.. packed.AsSpan(0, random.Next(1, packed.Length))];
            random.NextBytes(hostile.AsSpan(Math.Min(hostile.Length, random.Next(100))));
            try
            {
                Assert.InRange(BlockUnpacker.Unpack(packing, hostile, unpacked), 0, unpacked.Length);
            }
            catch (UnpackException caught)
            {
                Assert.NotEmpty(caught.Problem);
            }
        }
    }

    [Fact]
    public void A_match_before_the_beginning_is_no_read_before_the_buffer()
    {
        Assert.Throws<UnpackException>(() => BlockUnpacker.Unpack(BlockPacking.Lz4, [0x10, 0x41, 0x02, 0x00, 0x00], new byte[100]));
        Assert.Throws<UnpackException>(() => BlockUnpacker.Unpack(BlockPacking.Lzo1x, [18, 0x41, 0x40, 0x10, 0x11, 0, 0], new byte[100]));
    }

    private static byte[] Pack(BlockPacking packing) => packing switch
    {
        BlockPacking.Zlib => Through(stream => new ZLibStream(stream, CompressionLevel.Optimal)),
        BlockPacking.Deflate => Through(stream => new DeflateStream(stream, CompressionLevel.Optimal)),
        BlockPacking.Lzma => Packed.With("xz", "--format=lzma", Block),
        BlockPacking.Xz => Packed.With("xz", "--check=crc32", Block),
        BlockPacking.Zstd => Packed.With("zstd", "-19", Block),
        // One block of 128 KiB: what stands behind the frame's magic number and the block's length.
        BlockPacking.Lz4 or BlockPacking.Lz4Partial => Packed.With("lz4", "-l -9", Block)[8..],
        BlockPacking.Lzo1x => LzoBlock(),
        _ => throw new ArgumentOutOfRangeException(nameof(packing)),
    };

    private static byte[] LzoBlock()
    {
        byte[] file = Packed.With("lzop", "-9 -n", Block);
        int start = 9 + 2 + 2 + 2 + 1 + 1 + 4 + 12 + 1 + file[9 + 24] + 4; // magic, header, name, its checksum
        return file[(start + 12)..^4]; // both lengths and an Adler-32 before it, a length of 0 behind
    }

    private static byte[] Through(Func<Stream, Stream> packer)
    {
        using MemoryStream packed = new();
        using (Stream stream = packer(packed))
        {
            stream.Write(Block);
        }

        return packed.ToArray();
    }
}

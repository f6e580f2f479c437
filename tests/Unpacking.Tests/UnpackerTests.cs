using Xunit;

namespace BlockRbd.Unpacking.Tests;

/// <summary>What the real compressors made comes out as it went in.</summary>
public sealed class UnpackerTests
{
    public static TheoryData<Packing, string, string> Compressors => new()
    {
        { Packing.Gzip, "gzip", "-9n" },
        { Packing.Gzip, "gzip", "-1" },
        { Packing.Bzip2, "bzip2", "-9" },
        { Packing.Bzip2, "bzip2", "-1" },
        { Packing.Lzma, "xz", "--format=lzma -9" },
        { Packing.Lzma, "xz", "--format=lzma --lzma1=preset=6,lc=0,lp=3,pb=0,dict=4KiB" },
        { Packing.Xz, "xz", "--check=crc32 --x86 --lzma2=dict=32MiB" }, // scripts/xz_wrap.sh
        { Packing.Xz, "xz", "-9" },
        { Packing.Xz, "xz", "-0 --check=none --block-size=300000" },
        { Packing.Xz, "xz", "-T2 --block-size=100000 --x86 --lzma2=dict=64KiB,lc=1,lp=2,pb=3" },
        { Packing.Lzo, "lzop", "-9" },
        { Packing.Lzo, "lzop", "-1" },
        { Packing.Lzo, "lzop", "-3 --crc32" },
        { Packing.Lz4, "lz4", "-l -9" },
        { Packing.Lz4, "lz4", "-l -1" },
        { Packing.Zstd, "zstd", "-22 --ultra" },
        { Packing.Zstd, "zstd", "-1 --no-check" },
        { Packing.Zstd, "zstd", "-19 --long=27" },
    };

    [Theory]
    [MemberData(nameof(Compressors))]
    public void What_went_in_comes_out(Packing packing, string tool, string options)
    {
        byte[] packed = Packed.With(tool, options, Packed.Sample);

        if (!options.Contains("--lzma1", StringComparison.Ordinal)) // LZMA-alone has no magic number: Linux knows its own by the usual properties
        {
            Assert.Equal(packing, Unpacker.Recognize(packed));
        }

        Assert.Equal(Packed.Sample, Packed.Unpack(packing, packed));
    }

    [Theory]
    [MemberData(nameof(Compressors))]
    public void Nothing_and_a_byte_come_out_too(Packing packing, string tool, string options)
    {
        Assert.Empty(Packed.Unpack(packing, Packed.With(tool, options, [])));
        Assert.Equal([0x42], Packed.Unpack(packing, Packed.With(tool, options, [0x42])));
    }

    [Theory]
    [MemberData(nameof(Compressors))]
    public void A_ceiling_holds_to_the_byte(Packing packing, string tool, string options)
    {
        byte[] packed = Packed.With(tool, options, Packed.Sample);

        Assert.Equal(Packed.Sample, Packed.Unpack(packing, packed, Packed.Sample.Length));
        UnpackException caught = Assert.Throws<UnpackException>(() => Packed.Unpack(packing, packed, Packed.Sample.Length - 1));
        Assert.Equal(UnpackFault.OverLimit, caught.Fault);
        Assert.Contains($"{Packed.Sample.Length - 1} bytes", caught.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Compressors))]
    public void Cut_off_anywhere_it_is_an_error(Packing packing, string tool, string options)
    {
        byte[] packed = Packed.With(tool, options, Packed.Sample.AsSpan(0, 20_000).ToArray());
        for (int length = 0; length < packed.Length; length += 1 + (packed.Length / 40))
        {
            if (packing == Packing.Lz4 && length == 4)
            {
                continue; // a legacy frame has no end mark: its magic number alone is an empty one
            }

            UnpackException? caught = Record.Exception(() => Packed.Unpack(packing, packed[..length])) as UnpackException;
            Assert.True(caught is not null, $"{length} of {packed.Length} bytes");
            Assert.True(caught.Fault is UnpackFault.Truncated or UnpackFault.Corrupt, $"{length}: {caught.Message}");
        }
    }

    [Theory]
    [MemberData(nameof(Compressors))]
    public void Damaged_bytes_end_in_the_one_exception_or_do_no_harm(Packing packing, string tool, string options)
    {
        byte[] plain = Packed.Sample.AsSpan(0, 30_000).ToArray();
        byte[] packed = Packed.With(tool, options, plain);
        bool hasCheck = packing is not (Packing.Lzma or Packing.Lz4) && !options.Contains("=none", StringComparison.Ordinal)
            && !options.Contains("--no-check", StringComparison.Ordinal);
        Random random = new(packed.Length);
        int refused = 0;
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = [.. packed];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                byte[] unpacked = Packed.Unpack(packing, damaged, 1 << 20);
                Assert.True(!hasCheck || unpacked.AsSpan().SequenceEqual(plain), "damage that the format's checksum tells came out quietly");
            }
            catch (UnpackException)
            {
                refused++;
            }
        }

        Assert.True(refused > 100 || !hasCheck, $"{refused} of 200");
    }

    [Theory]
    [MemberData(nameof(Compressors))]
    public void Noise_behind_a_good_beginning_ends_in_the_one_exception_or_at_the_ceiling(Packing packing, string tool, string options)
    {
        byte[] packed = Packed.With(tool, options, Packed.Sample.AsSpan(0, 3_000).ToArray());
        Random random = new(1);
        for (int i = 0; i < 300; i++)
        {
            byte[] hostile = new byte[2_000];
            random.NextBytes(hostile);
            packed.AsSpan(0, Math.Min(random.Next(60), packed.Length)).CopyTo(hostile);
            try
            {
                Assert.True(Packed.Unpack(packing, hostile, 1 << 20).Length <= 1 << 20);
            }
            catch (UnpackException caught)
            {
                Assert.NotEmpty(caught.Problem);
            }
        }
    }

    [Fact]
    public void A_window_larger_than_allowed_is_refused_unless_the_output_is_small()
    {
        byte[] packed = Packed.With("xz", "--lzma2=dict=64MiB", Packed.Sample);
        using MemoryStream source = new(packed);

        UnpackException caught = Assert.Throws<UnpackException>(() => Unpacker.Unpack(Packing.Xz, source, Stream.Null, new UnpackLimits(256 << 20, MaxWindow: 32 << 20)));
        Assert.Equal(UnpackFault.Unsupported, caught.Fault);
        source.Position = 0;
        Assert.Equal(Packed.Sample.Length, Unpacker.Unpack(Packing.Xz, source, Stream.Null, new UnpackLimits(Packed.Sample.Length, MaxWindow: 32 << 20)));
    }

    [Fact]
    public void An_error_of_the_source_passes_as_it_is()
    {
        using FailingStream source = new();
        foreach (Packing packing in Enum.GetValues<Packing>().Where(packing => packing != Packing.None))
        {
            Assert.Throws<IOException>(() => Unpacker.Unpack(packing, source, Stream.Null, new UnpackLimits(1 << 20)));
        }
    }

    [Fact]
    public void A_zlib_stream_with_a_preset_dictionary_is_corrupt() // RFC 1950, 2.2: FDICT; found by fuzzing
    {
        UnpackException caught = Assert.Throws<UnpackException>(() => Packed.Unpack(Packing.Zlib, [0x78, 0x20, .. "again."u8]));

        Assert.Equal(UnpackFault.Corrupt, caught.Fault);
    }

    private sealed class FailingStream : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("the device is gone");

        public override int Read(Span<byte> buffer) => throw new IOException("the device is gone");
    }
}

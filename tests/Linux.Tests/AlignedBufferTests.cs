using Xunit;

namespace BlockRbd.Linux.Tests;

public sealed class AlignedBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16384)]
    [InlineData(1 << 20)]
    public void Starts_at_a_page_and_is_as_long_as_asked_for(int length)
    {
        using AlignedBuffer buffer = new(length);
        Assert.Equal(length, buffer.Span.Length);
        Assert.True(AlignedBuffer.IsAligned(buffer.Span, 4096));
    }

    [Fact]
    public void Every_byte_of_it_can_be_written()
    {
        using AlignedBuffer buffer = new(100_000);
        buffer.Span.Fill(0xA5);
        Assert.Equal(-1, buffer.Span.IndexOfAnyExcept((byte)0xA5));
    }

    [Fact]
    public void A_byte_further_on_is_not_aligned()
    {
        using AlignedBuffer buffer = new(8192);
        Assert.False(AlignedBuffer.IsAligned(buffer.Span[1..], 2));
        Assert.True(AlignedBuffer.IsAligned(buffer.Span[512..], 512));
    }

    [Fact]
    public void Is_not_to_be_used_afterwards()
    {
        AlignedBuffer buffer = new(8192);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Has_a_length(int length) => Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer(length));
}

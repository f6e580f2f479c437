using System.Text;
using BlockRbd.GuestDisk.Hashes;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Btrfs;

/// <summary>Own hashes against coreutils', and xxHash64 against its specification's values.</summary>
public sealed class HashTests
{
    public static TheoryData<int> Lengths => [.. (int[])[0, 1, 3, 31, 32, 33, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 255, 256, 257, 4064, 4096, 16352]];

    [Theory, MemberData(nameof(Lengths))]
    public void Sha256_is_that_of_sha256sum(int length) => Check(length, Sha256.Hash, "sha256sum");

    [Theory, MemberData(nameof(Lengths))]
    public void Blake2b_is_that_of_b2sum(int length) => Check(length, Blake2b.Hash, "b2sum", "-l", "256");

    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void XxHash64_is_that_of_the_reference(string text, ulong hash) => Assert.Equal(hash, XxHash64.Hash(Encoding.ASCII.GetBytes(text)));

    private delegate void Hash(ReadOnlySpan<byte> bytes, Span<byte> result);

    private static void Check(int length, Hash hash, string tool, params string[] options)
    {
        using ScratchFolder scratch = new();
        string file = Path.Combine(scratch.Path, "bytes");
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 % 251))];
        File.WriteAllBytes(file, bytes);
        byte[] result = new byte[32];
        hash(bytes, result);
        Assert.StartsWith(Convert.ToHexStringLower(result), Tool.Check(tool, [.. options, file]).Text);
    }
}

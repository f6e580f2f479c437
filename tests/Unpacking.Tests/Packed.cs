using System.Collections.Concurrent;
using System.Security.Cryptography;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Unpacking.Tests;

/// <summary>Data packed by the real compressors.</summary>
internal static class Packed
{
    /// <summary>A real program's code with all kinds of repetition: text, zeros, noise, x86 calls and jumps.</summary>
    public static byte[] Sample { get; } = MakeSample();

    private static readonly ConcurrentDictionary<string, byte[]> Made = new();

    /// <summary>What a compressor makes of the bytes; made once.</summary>
    public static byte[] With(string tool, string options, byte[] bytes) =>
        Made.GetOrAdd($"{tool} {options} {Convert.ToHexString(SHA256.HashData(bytes))}", _ => Make(tool, options, bytes));

    private static byte[] Make(string tool, string options, byte[] bytes)
    {
        using ScratchFolder folder = new();
        File.WriteAllBytes(folder["data"], bytes);
        string[] words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Tool.Check(Tool.Path(tool), [.. words, "-c", folder["data"]]).Output;
    }

    public static byte[] Unpack(Packing packing, byte[] packed, long maxOutput = 64 << 20)
    {
        using MemoryStream source = new(packed), destination = new();
        long length = Unpacker.Unpack(packing, source, destination, new UnpackLimits(maxOutput));
        Assert.Equal(destination.Length, length);
        return destination.ToArray();
    }

    private static byte[] MakeSample()
    {
        byte[] program = File.ReadAllBytes("/proc/self/exe");
        byte[] noise = new byte[300_000];
        new Random(5).NextBytes(noise);
        return [.. program.AsSpan(0, Math.Min(program.Length, 1 << 20)), .. new byte[1_000_000], .. noise, .. "the same again. "u8, .. program.AsSpan(0, 50_000),
            .. Enumerable.Repeat((byte)'x', 70_000)];
    }
}

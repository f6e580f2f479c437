using System.Buffers.Binary;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.Fuzz.Disks;

/// <summary>
/// A disk target's input: a byte that says which base, then patches, each the number of a place (2 bytes, little-endian), an offset in it (2), a length (1) and so many
/// bytes. Every input means something: what there isn't is the last base, other numbers are taken modulo what there is, and a last patch may be cut off.
/// </summary>
internal static class PatchInput
{
    private const int HeadBytes = 5;
    private const int SeedBytes = 64;
    private const int SeedsOfBase = 40;

    /// <summary>The disks that an input means.</summary>
    public static IReadOnlyList<BlockSource> Disks(IReadOnlyList<DiskBase> bases, ReadOnlySpan<byte> input)
    {
        DiskBase chosen = bases[Math.Min(input.IsEmpty ? 0 : (int)input[0], bases.Count - 1)]; // kept inputs stay what they are when a base is added behind
        input = input.IsEmpty ? input : input[1..];
        Dictionary<DiskBase.Run, byte[]> patched = new(ReferenceEqualityComparer.Instance);
        while (input.Length > HeadBytes)
        {
            DiskBase.Run run = chosen.Places[BinaryPrimitives.ReadUInt16LittleEndian(input) % chosen.Places.Count].Run;
            int offset = BinaryPrimitives.ReadUInt16LittleEndian(input[2..]) % run.Bytes.Length;
            int length = Math.Min(Math.Min((int)input[4], input.Length - HeadBytes), run.Bytes.Length - offset);
            if (!patched.TryGetValue(run, out byte[]? bytes))
            {
                patched[run] = bytes = [.. run.Bytes];
            }

            input.Slice(HeadBytes, length).CopyTo(bytes.AsSpan(offset));
            input = input[Math.Min(input.Length, HeadBytes + input[4])..];
        }

        return [.. chosen.Disks.Select(disk => new PatchedDisk(disk, patched))];
    }

    /// <summary>Each base as it is, and with places patched with what stands there, so that the fuzzer has the real values to change.</summary>
    public static IEnumerable<byte[]> Seeds(IReadOnlyList<DiskBase> bases)
    {
        for (int i = 0; i < bases.Count; i++)
        {
            yield return [(byte)i];
            IReadOnlyList<(DiskBase.Disk Disk, DiskBase.Run Run)> places = bases[i].Places;
            for (int seed = 0; seed < Math.Min(SeedsOfBase, places.Count); seed++)
            {
                int place = (int)((long)seed * places.Count / Math.Min(SeedsOfBase, places.Count));
                byte[] bytes = places[place].Run.Bytes;
                int offset = Math.Max(0, bytes.AsSpan().IndexOfAnyExcept((byte)0));
                byte[] head = new byte[1 + HeadBytes];
                head[0] = (byte)i;
                BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(1), (ushort)place);
                BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(3), (ushort)offset);
                head[^1] = (byte)Math.Min(SeedBytes, bytes.Length - offset);
                yield return [.. head, .. bytes.AsSpan(offset, head[^1])];
            }
        }
    }
}

namespace BlockRbd.Fuzz;

/// <summary>Random changes of inputs, always the same ones for a seed: for the tests, which have no AFL++.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> inputs, FuzzTarget target)
{
    private static readonly int[] Interesting = [0, 1, -1, 127, 128, 255, 256, 4095, 4096, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue];

    /// <summary>One of the inputs, changed.</summary>
    public byte[] Make(int seed)
    {
        Random random = new(seed);
        List<byte> bytes = [.. inputs[random.Next(inputs.Count)]];
        for (int changes = 1 << random.Next(5); changes > 0; changes--)
        {
            Change(random, bytes);
        }

        return bytes.Count <= target.MaxLength ? [.. bytes] : [.. bytes.Take(target.MaxLength)];
    }

    private void Change(Random random, List<byte> bytes)
    {
        int at = random.Next(bytes.Count + 1);
        int rest = bytes.Count - at;
        switch (random.Next(8))
        {
            case 0 when rest > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when rest > 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                byte[] number = BitConverter.GetBytes(Interesting[random.Next(Interesting.Length)]);
                for (int i = 0; i < Math.Min(1 << random.Next(3), rest); i++)
                {
                    bytes[at + i] = number[i];
                }

                break;
            case 3:
                bytes.RemoveRange(at, random.Next(Math.Min(rest, 64) + 1));
                break;
            case 4:
                int from = random.Next(bytes.Count + 1);
                bytes.InsertRange(at, bytes.GetRange(from, random.Next(Math.Min(bytes.Count - from, 256) + 1)));
                break;
            case 5 when target.Words.Count > 0:
                bytes.InsertRange(at, target.Words[random.Next(target.Words.Count)]);
                break;
            case 6:
                byte[] other = inputs[random.Next(inputs.Count)];
                int begin = random.Next(other.Length + 1);
                bytes.InsertRange(at, other.AsSpan(begin, random.Next(Math.Min(other.Length - begin, 512) + 1)).ToArray());
                break;
            default:
                bytes.Insert(at, (byte)random.Next(256));
                break;
        }
    }
}

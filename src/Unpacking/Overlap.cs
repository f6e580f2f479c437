namespace BlockRbd.Unpacking;

/// <summary>Repeats bytes within a span, where what has just been written may be repeated as well.</summary>
internal static class Overlap
{
    /// <summary>Copies <paramref name="length"/> bytes from <paramref name="distance"/> before <paramref name="at"/>; the caller has checked both.</summary>
    public static void Copy(Span<byte> bytes, int at, int distance, int length)
    {
        if (distance >= length)
        {
            bytes.Slice(at - distance, length).CopyTo(bytes[at..]);
            return;
        }

        for (int i = 0; i < length; i++)
        {
            bytes[at + i] = bytes[at + i - distance];
        }
    }
}

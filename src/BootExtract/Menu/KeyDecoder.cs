namespace BlockRbd.BootExtract.Menu;

/// <summary>Bytes of a terminal as keys: those of VT100 and xterm (ECMA-48 control sequences, and SS3).</summary>
internal static class KeyDecoder
{
    private const byte Escape = 0x1B;
    private const int MaxSequence = 16;

    /// <summary>The next key of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">What has been typed; not empty.</param>
    /// <param name="isAll">Whether nothing more follows soon: then Esc is the key Esc.</param>
    /// <param name="key">The key.</param>
    /// <returns>How many bytes it is; 0 where more is needed to tell.</returns>
    public static int Decode(ReadOnlySpan<byte> bytes, bool isAll, out Key key)
    {
        key = bytes[0] switch
        {
            (byte)'\r' or (byte)'\n' => new Key(KeyKind.Enter),
            (byte)'\t' => new Key(KeyKind.Tab, '\t'),
            0x08 or 0x7F => new Key(KeyKind.Backspace, '\b'),
            _ => new Key(KeyKind.Character, (char)bytes[0]),
        };
        if (bytes[0] != Escape)
        {
            return 1;
        }

        key = new Key(KeyKind.Escape, (char)Escape);
        if (bytes.Length == 1)
        {
            return isAll ? 1 : 0;
        }

        if (bytes[1] is not ((byte)'[' or (byte)'O'))
        {
            return 1; // Esc, and then something else
        }

        for (int i = 2; i < Math.Min(bytes.Length, MaxSequence); i++)
        {
            // ECMA-48 5.4: parameters and intermediates are 0x20 to 0x3F, the byte that ends it is 0x40 to 0x7E.
            if (bytes[i] is >= 0x40 and <= 0x7E)
            {
                key = new Key(Named(bytes[2..i], bytes[i]));
                return i + 1;
            }

            if (bytes[i] is < 0x20 or > 0x7E)
            {
                key = new Key(KeyKind.Unknown);
                return i;
            }
        }

        key = bytes.Length >= MaxSequence || bytes.Length > 2 ? new Key(KeyKind.Unknown) : key;
        return bytes.Length >= MaxSequence ? MaxSequence : !isAll ? 0 : bytes.Length > 2 ? bytes.Length : 1;
    }

    private static KeyKind Named(ReadOnlySpan<byte> parameters, byte final) => final switch
    {
        (byte)'A' => KeyKind.Up,
        (byte)'B' => KeyKind.Down,
        (byte)'C' => KeyKind.Right,
        (byte)'D' => KeyKind.Left,
        (byte)'H' => KeyKind.Home,
        (byte)'F' => KeyKind.End,
        (byte)'M' when parameters.IsEmpty => KeyKind.Enter, // SS3 M: the keypad's
        (byte)'~' => parameters switch
        {
            [(byte)'1'] or [(byte)'7'] => KeyKind.Home,
            [(byte)'3'] => KeyKind.Delete,
            [(byte)'4'] or [(byte)'8'] => KeyKind.End,
            [(byte)'5'] => KeyKind.PageUp,
            [(byte)'6'] => KeyKind.PageDown,
            _ => KeyKind.Unknown,
        },
        _ => KeyKind.Unknown,
    };
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace BlockRbd.BootExtract.Menu.Passwords;

/// <summary>PBKDF2 with HMAC-SHA-512 (RFC 8018 5.2), as GRUB writes it: "grub.pbkdf2.sha512.ITERATIONS.SALT.HASH" (grub-core/commands/password_pbkdf2.c).</summary>
internal static class Pbkdf2
{
    private const string Prefix = "grub.pbkdf2.sha512.";

    /// <summary>Whether a password has this hash. False as well where the hash can't be read or is beyond a ceiling of <see cref="MenuLimits"/>.</summary>
    public static bool IsRight(string secret, ReadOnlySpan<byte> password)
    {
        string[] parts = secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..].Split('.') : [];
        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int iterations) && iterations is > 0 and <= MenuLimits.MaxIterations
            && Hex(parts[1]) is { } salt && Hex(parts[2]) is { Length: > 0 } hash
            && iterations * (long)((hash.Length + Sha512.DigestBytes - 1) / Sha512.DigestBytes) <= MenuLimits.MaxIterations
            && CryptographicOperations.FixedTimeEquals(Derive(password, salt, iterations, hash.Length), hash);
    }

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int iterations, int length)
    {
        // RFC 2104: the key's part of the inner and of the outer hash is the same each time.
        byte[] key = new byte[Sha512.BlockBytes];
        if (password.Length > key.Length)
        {
            Sha512 hashed = new();
            hashed.Add(password);
            hashed.Finish(key);
        }
        else
        {
            password.CopyTo(key);
        }

        Sha512 inner = Keyed(key, 0x36);
        Sha512 outer = Keyed(key, 0x5C);
        Sha512 work = new();
        byte[] derived = new byte[length];
        byte[] u = new byte[Sha512.DigestBytes];
        byte[] t = new byte[Sha512.DigestBytes];
        byte[] number = new byte[sizeof(int)];
        for (int block = 0; block * Sha512.DigestBytes < length; block++)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, block + 1);
            Mac(work, inner, outer, [.. salt, .. number], u);
            u.CopyTo(t, 0);
            for (int i = 1; i < iterations; i++)
            {
                Mac(work, inner, outer, u, u);
                for (int at = 0; at < t.Length; at++)
                {
                    t[at] ^= u[at];
                }
            }

            int done = block * Sha512.DigestBytes;
            t.AsSpan(0, Math.Min(t.Length, length - done)).CopyTo(derived.AsSpan(done));
        }

        return derived;
    }

    private static Sha512 Keyed(byte[] key, byte pad)
    {
        Sha512 hash = new();
        hash.Add([.. key.Select(value => (byte)(value ^ pad))]);
        return hash;
    }

    private static void Mac(Sha512 work, Sha512 inner, Sha512 outer, byte[] message, byte[] mac)
    {
        work.CopyFrom(inner);
        work.Add(message);
        work.Finish(mac.AsSpan());
        work.CopyFrom(outer);
        work.Add(mac);
        work.Finish(mac);
    }

    private static byte[]? Hex(string text) =>
        text.Length % 2 == 0 && text.Length <= 2 * MenuLimits.MaxHashBytes && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;
}

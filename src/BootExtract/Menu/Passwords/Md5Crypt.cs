using System.Security.Cryptography;
using System.Text;

namespace BlockRbd.BootExtract.Menu.Passwords;

/// <summary>crypt(3)'s "$1$salt$hash": Poul-Henning Kamp's scheme, which GRUB legacy's <c>password --md5</c> takes (stage2/md5.c).</summary>
internal static class Md5Crypt
{
    private const string Magic = "$1$";
    private const int MaxSaltCharacters = 8;
    private const int Rounds = 1000;
    private const string Letters = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Bytes of the digest in the order in which they are written, three at a time.</summary>
    private static readonly int[] Order = [0, 6, 12, 1, 7, 13, 2, 8, 14, 3, 9, 15, 4, 10, 5];

    /// <summary>Whether a password has this hash.</summary>
    public static bool IsRight(string secret, byte[] password)
    {
        int end = secret.StartsWith(Magic, StringComparison.Ordinal) ? secret.IndexOf('$', Magic.Length) : -1;
        if (end < 0 || end - Magic.Length > MaxSaltCharacters)
        {
            return false;
        }

        string salt = secret[Magic.Length..end];
        return CryptographicOperations.FixedTimeEquals(Encoding.Latin1.GetBytes(Hash(salt, password)), Encoding.Latin1.GetBytes(secret[(end + 1)..]));
    }

    private static string Hash(string saltText, byte[] password)
    {
        byte[] salt = Encoding.Latin1.GetBytes(saltText);
        byte[] digest = Md5.Hash([.. password, .. salt, .. password]);
        List<byte> message = [.. password, .. Encoding.ASCII.GetBytes(Magic), .. salt];
        for (int left = password.Length; left > 0; left -= digest.Length)
        {
            message.AddRange(digest.Take(Math.Min(left, digest.Length)));
        }

        for (int bits = password.Length; bits > 0; bits >>= 1)
        {
            message.Add((bits & 1) != 0 ? (byte)0 : password[0]);
        }

        digest = Md5.Hash([.. message]);
        for (int i = 0; i < Rounds; i++)
        {
            digest = Md5.Hash([
                .. i % 2 != 0 ? password : digest, .. i % 3 != 0 ? salt : [], .. i % 7 != 0 ? password : [], .. i % 2 != 0 ? digest : password]);
        }

        return Write(digest);
    }

    private static string Write(byte[] digest)
    {
        StringBuilder text = new();
        for (int i = 0; i < Order.Length; i += 3)
        {
            Append(text, (digest[Order[i]] << 16) | (digest[Order[i + 1]] << 8) | digest[Order[i + 2]], 4);
        }

        Append(text, digest[11], 2);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int value, int count)
    {
        for (; count > 0; count--)
        {
            text.Append(Letters[value & 0x3F]);
            value >>= 6;
        }
    }
}

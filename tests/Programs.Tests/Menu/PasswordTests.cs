using System.Text;
using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Menu;
using BlockRbd.BootExtract.Menu.Passwords;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Menu;

/// <summary>Passwords against hashes that others made: grub-mkpasswd-pbkdf2, and libcrypt through perl.</summary>
public sealed class PasswordTests
{
    [Theory]
    [InlineData("abc", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")] // FIPS 180
    [InlineData("", "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e")]
    public void Sha512_is_as_published(string text, string digest)
    {
        Sha512 hash = new();
        hash.Add(Encoding.ASCII.GetBytes(text));
        byte[] found = new byte[Sha512.DigestBytes];
        hash.Finish(found);
        Assert.Equal(digest, Convert.ToHexStringLower(found));
    }

    [Theory]
    [InlineData(111)]
    [InlineData(112)]
    [InlineData(128)]
    [InlineData(1000)]
    public void Sha512_of_any_length_is_what_sha512sum_says(int length)
    {
        using ScratchFolder folder = new();
        byte[] bytes = [.. Enumerable.Range(0, length).Select(number => unchecked((byte)(number * 7)))];
        string file = Path.Combine(folder.Path, "bytes");
        File.WriteAllBytes(file, bytes);
        Sha512 hash = new();
        hash.Add(bytes.AsSpan(0, 50));
        hash.Add(bytes.AsSpan(50));
        byte[] found = new byte[Sha512.DigestBytes];
        hash.Finish(found);
        Assert.Equal(Tool.Check("sha512sum", file).Text.Split(' ')[0], Convert.ToHexStringLower(found));
    }

    [Theory]
    [InlineData("", "d41d8cd98f00b204e9800998ecf8427e")] // RFC 1321 A.5
    [InlineData("abc", "900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "57edf4a22be3c955ac49da2e2107b67a")]
    public void Md5_is_as_published(string text, string digest) => Assert.Equal(digest, Convert.ToHexStringLower(Md5.Hash(Encoding.ASCII.GetBytes(text))));

    [Theory]
    [InlineData("secret", "")]
    [InlineData("p", "-c 1000 -s 8 -l 20")]
    [InlineData("a rather long one, with blanks and !$%&", "-c 3 -l 100")]
    public void A_hash_of_grub_mkpasswd_pbkdf2_knows_its_password_and_no_other(string password, string options)
    {
        ToolResult made = Tool.Run(
            "/bin/sh", ["-c", $"printf '%s\\n%s\\n' \"$1\" \"$1\" | {Tool.Path("grub-mkpasswd-pbkdf2")} {options}", "sh", password], TimeSpan.FromMinutes(1));
        string hash = made.Text[made.Text.IndexOf("grub.pbkdf2.", StringComparison.Ordinal)..].Trim();
        MenuUser user = new("root", PasswordKind.Pbkdf2, hash);
        Assert.True(PasswordCheck.IsRight(user, password));
        Assert.False(PasswordCheck.IsRight(user, password + "x"));
        Assert.False(PasswordCheck.IsRight(user, ""));
    }

    [Theory]
    [InlineData("secret", "abcdefgh")]
    [InlineData("p", "x")]
    [InlineData("sixteen and more characters", "./12")]
    public void A_hash_of_libcrypt_knows_its_password_and_no_other(string password, string salt)
    {
        MenuUser user = new("", PasswordKind.Md5Crypt, Tool.Check("perl", "-e", "print crypt($ARGV[0], '$1$' . $ARGV[1] . '$')", password, salt).Text);
        Assert.StartsWith($"$1${salt}$", user.Secret, StringComparison.Ordinal);
        Assert.True(PasswordCheck.IsRight(user, password));
        Assert.False(PasswordCheck.IsRight(user, password + "x"));
        Assert.False(PasswordCheck.IsRight(user, ""));
    }

    [Theory]
    [InlineData(PasswordKind.Pbkdf2, "")]
    [InlineData(PasswordKind.Pbkdf2, "grub.pbkdf2.sha512.10000.AB")]
    [InlineData(PasswordKind.Pbkdf2, "grub.pbkdf2.sha512.0.AB.CD")]
    [InlineData(PasswordKind.Pbkdf2, "grub.pbkdf2.sha512.10000.AB.")]       // no hash at all is no hash of anything
    [InlineData(PasswordKind.Pbkdf2, "grub.pbkdf2.sha512.2000000000.AB.CD")] // would take hours
    [InlineData(PasswordKind.Pbkdf2, "grub.pbkdf2.sha512.10.ABC.CD")]
    [InlineData(PasswordKind.Md5Crypt, "")]
    [InlineData(PasswordKind.Md5Crypt, "$1$")]
    [InlineData(PasswordKind.Md5Crypt, "$1$abcdefghi$")]
    [InlineData(PasswordKind.Md5Crypt, "$1$a$")]
    [InlineData(PasswordKind.Plain, "secret")]
    public void A_hash_that_is_none_lets_nobody_in(PasswordKind kind, string secret) =>
        Assert.All(["", "x"], password => Assert.False(PasswordCheck.IsRight(new MenuUser("root", kind, secret), password)));
}

using System.Security.Cryptography;
using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Menu.Passwords;

namespace BlockRbd.BootExtract.Menu;

/// <summary>Whether a typed password is somebody's. What can't be read, or takes longer than it may, is nobody's.</summary>
/// <remarks>Checked where the keys come in: what a person types isn't given to the process that reads the guest.</remarks>
internal static class PasswordCheck
{
    /// <summary>Checks it.</summary>
    public static bool IsRight(MenuUser user, string password)
    {
        byte[] typed = GuestText.ToBytes(password);
        return user.Kind switch
        {
            PasswordKind.Plain => CryptographicOperations.FixedTimeEquals(typed, GuestText.ToBytes(user.Secret)),
            PasswordKind.Md5Crypt => Md5Crypt.IsRight(user.Secret, typed),
            PasswordKind.Pbkdf2 => Pbkdf2.IsRight(user.Secret, typed),
            _ => false,
        };
    }
}

using System.Runtime.InteropServices;
using BlockRbd.BootConfig;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.MenuLstGen.Output;

/// <summary>A menu.lst that is there, or will be.</summary>
/// <param name="place">Where.</param>
internal sealed class MenuFile(OutputPlace place)
{
    /// <summary>GRUB legacy's menus have a few KiB.</summary>
    private const int MaxBytes = 1 << 20;

    private const int SymbolicLink = 40; // ELOOP, for O_NOFOLLOW
    private const uint NewMode = 0x1A4; // 0644
    private const uint PermissionBits = 0xFFF;

    /// <summary>Replaces the block in it, or makes it. Where nothing would change, it isn't touched.</summary>
    /// <param name="menu">The block's text.</param>
    /// <param name="note">Told what a person should look at.</param>
    /// <exception cref="GenException">It can't be read or written; it is then as it was.</exception>
    public void Replace(string menu, Action<string> note)
    {
        (string old, FileStatus status)? there = Read();
        string text = MarkedBlock.Replace(there?.old ?? "", menu, place.Shown);
        if (text == there?.old)
        {
            return;
        }

        if (there is { } file && MarkedBlock.SetsMenuElsewhere(file.old))
        {
            note($"{place.Shown} sets default, timeout or fallback outside of the marked block too: of two lines the later one counts");
        }

        using TemporaryFile temporary = TemporaryFile.Make(place);
        temporary.Write(GuestText.ToBytes(text));
        temporary.Commit(
            there is { } old ? (uint)old.status.Mode & PermissionBits : NewMode,
            there is { } owned ? (owned.status.Uid, owned.status.Gid) : null);
    }

    private (string Text, FileStatus Status)? Read()
    {
        int descriptor = Libc.OpenAt(place.Directory, place.Name, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC, 0);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                Libc.ENOENT => null,
                SymbolicLink => throw Refused("is a symbolic link of the guest's: name the file that it leads to"),
                _ => throw Refused(Marshal.GetLastPInvokeErrorMessage()),
            };
        }

        using SafeFileHandle file = new(descriptor, ownsHandle: true);
        if (Libc.StatX(file, out FileStatus status) < 0 || (status.Mode & Libc.S_IFMT) != Libc.S_IFREG)
        {
            throw Refused("is no regular file");
        }

        if (status.Size > MaxBytes)
        {
            throw Refused($"has {status.Size} bytes, more than any menu.lst ({MaxBytes})");
        }

        byte[] bytes = new byte[(int)status.Size];
        int count = RandomAccess.Read(file, bytes, 0);
        return (GuestText.FromBytes(bytes.AsSpan(0, count)), status);
    }

    private GenException Refused(string problem) => new(ExitCode.OutputError, $"{place.Shown}: {problem}; nothing was written");
}

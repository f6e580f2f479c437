using System.Runtime.InteropServices;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.MenuLstGen.Output;

/// <summary>A file under a name of its own, beside the one that it takes the place of in the end. Whatever happens before, it goes.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private const int NameTries = 100;
    private const int RandomLetters = 6;
    private const string NameLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const uint PrivateMode = 0x180; // 0600 until it is whole

    private static readonly Lock Gate = new();
    private static readonly HashSet<TemporaryFile> Open = [];

    private readonly OutputPlace _place;
    private readonly string _name;
    private readonly SafeFileHandle _file;

    private TemporaryFile(OutputPlace place, string name, SafeFileHandle file)
    {
        _place = place;
        _name = name;
        _file = file;
    }

    /// <summary>Makes one.</summary>
    /// <exception cref="GenException">It can't be made.</exception>
    public static TemporaryFile Make(OutputPlace place)
    {
        lock (Gate) // a signal's thread must not come between making and noting
        {
            for (int i = 0; i < NameTries; i++)
            {
                string name = $".{place.Name}.{new string(Random.Shared.GetItems<char>(NameLetters, RandomLetters))}";
                int descriptor = Libc.OpenAt(
                    place.Directory, name, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, PrivateMode);
                if (descriptor >= 0)
                {
                    TemporaryFile file = new(place, name, new SafeFileHandle(descriptor, ownsHandle: true));
                    Open.Add(file);
                    return file;
                }

                if (Marshal.GetLastPInvokeError() != Libc.EEXIST)
                {
                    break;
                }
            }

            throw Failed(place, "can't make a file beside it");
        }
    }

    /// <summary>Removes all of them and keeps every other thread from making or renaming more: the process ends now.</summary>
    public static void RemoveAllForGood()
    {
        Gate.Enter();
        foreach (TemporaryFile file in Open)
        {
            _ = Libc.UnlinkAt(file._place.Directory, file._name, flags: 0);
        }
    }

    /// <summary>Adds bytes.</summary>
    /// <exception cref="GenException">They can't be written.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint count = Libc.Write(_file, bytes);
            if (count >= 0)
            {
                bytes = bytes[(int)count..];
            }
            else if (Marshal.GetLastPInvokeError() != Libc.EINTR)
            {
                throw Failed(_place, "can't be written");
            }
        }
    }

    /// <summary>Gives it mode and owner, sees it onto the disk, and puts it in the other one's place.</summary>
    /// <param name="mode">Permission bits.</param>
    /// <param name="owner">Uid and gid; null leaves the process's own.</param>
    /// <exception cref="GenException">A step fails; the other one is as it was.</exception>
    public void Commit(uint mode, (uint Uid, uint Gid)? owner)
    {
        // The owner first: chown takes set-id bits away.
        if (owner is { } ids && Libc.FChOwn(_file, ids.Uid, ids.Gid) < 0)
        {
            throw Failed(_place, $"can't keep its owner, {ids.Uid}:{ids.Gid}");
        }

        if (Libc.FChMod(_file, mode) < 0 || Libc.FSync(_file) < 0)
        {
            throw Failed(_place, "can't be written");
        }

        lock (Gate)
        {
            if (Libc.RenameAt(_place.Directory, _name, _place.Directory, _place.Name) < 0)
            {
                throw Failed(_place, "can't be replaced");
            }

            Open.Remove(this);
        }

        _ = Libc.FSync(_place.Directory); // The name is right in any case; some filesystems can't sync directories.
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (Open.Remove(this))
            {
                _ = Libc.UnlinkAt(_place.Directory, _name, flags: 0);
            }
        }

        _file.Dispose();
    }

    private static GenException Failed(OutputPlace place, string what) =>
        new(ExitCode.OutputError, $"{place.Shown}: {what}: {Marshal.GetLastPInvokeErrorMessage()}; what was there is as it was");
}

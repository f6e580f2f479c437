using System.Security.Cryptography;
using BlockRbd.BootConfig;
using BlockRbd.MenuLstGen.Guest;
using BlockRbd.MenuLstGen.Guest.Mounted;
using BlockRbd.MenuLstGen.Menu;

namespace BlockRbd.MenuLstGen.Output;

/// <summary>Several initrds as one file, joined as GRUB joins them in memory.</summary>
/// <param name="MenuPath">What the menu calls it.</param>
/// <param name="HostPath">Where it is written on this host.</param>
/// <param name="Parts">What it is made of, in order.</param>
internal sealed record MergedInitrd(string MenuPath, string HostPath, IReadOnlyList<BootFile> Parts)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Bytes of all parts together: no ramdisk comes near.</summary>
    private const long MaxBytes = 2L << 30;

    /// <summary>Linux unpacks an archive behind another one only at a multiple of this.</summary>
    private const int Alignment = 4;

    private const uint Mode = 0x180; // 0600: an initrd may hold keys

    /// <summary>Names it: the last part's name with something behind that is the same for the same parts.</summary>
    /// <param name="directory">Where it is to be written on this host.</param>
    /// <param name="boot">The entry.</param>
    public static MergedInitrd For(string directory, LinuxBoot boot)
    {
        string parts = string.Join('\n', boot.Initrds.Select(part => part.ToString()));
        string mark = Convert.ToHexStringLower(SHA256.HashData(GuestText.ToBytes(parts)))[..8];
        BootFile last = boot.Initrds[^1];
        string name = $"{last.Path[(last.Path.LastIndexOf('/') + 1)..]}.merged-{mark}";
        string host = Path.Combine(directory, System.Text.Encoding.UTF8.GetString(GuestText.ToBytes(name)));
        string beside = last.Path[..(last.Path.LastIndexOf('/') + 1)] + name;
        string menu = boot.Kernel.Volume is DirectoryVolume volume && volume.PathOf(Path.GetFullPath(directory)) is { } inside ? $"{inside.TrimEnd('/')}/{name}"
            : last.Volume == boot.Kernel.Volume ? beside
            : LegacyName.Of(last.Volume.GrubName) + beside;
        return new MergedInitrd(menu, host, boot.Initrds);
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="GenException">A part isn't there, or it can't be written.</exception>
    public void Write(string? root)
    {
        using OutputPlace place = OutputPlace.Open(HostPath, root);
        using TemporaryFile temporary = TemporaryFile.Make(place);
        byte[] buffer = new byte[BufferBytes];
        long total = 0;
        foreach (BootFile part in Parts)
        {
            using IGuestFile file = Volumes.Open(part) ?? throw new GenException(ExitCode.NotFound, $"initrd {GuestText.Display(part.ToString())} is not there");
            if (file.Size > MaxBytes - total)
            {
                throw new GenException(ExitCode.OverLimit, $"initrd {file.Name}: with it the joined one has more than {MaxBytes >> 20} MiB");
            }

            for (long offset = 0; offset < file.Size;)
            {
                int count = file.Read(offset, buffer);
                if (count == 0)
                {
                    throw new GenException(ExitCode.Corrupt, $"initrd {file.Name} ends at byte {offset}, before its size of {file.Size}");
                }

                temporary.Write(buffer.AsSpan(0, count));
                offset += count;
            }

            int padding = (int)(-file.Size & (Alignment - 1));
            temporary.Write(new byte[padding]);
            total += file.Size + padding;
        }

        temporary.Commit(Mode, owner: null);
    }
}

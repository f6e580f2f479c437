using BlockRbd.BootConfig;
using BlockRbd.GuestDisk.Hashes;
using BlockRbd.MenuLstGen.Guest;
using BlockRbd.MenuLstGen.Guest.Mounted;
using BlockRbd.MenuLstGen.Menu;

namespace BlockRbd.MenuLstGen.Output;

/// <summary>Several initrds as one file, joined as GRUB joins them in memory.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Parts">What it is made of, in order.</param>
internal sealed record MergedInitrd(MergedName Name, IReadOnlyList<BootFile> Parts) : IMergedContent
{
    /// <summary>Bytes of all parts together: no ramdisk comes near.</summary>
    public const long MaxBytes = 2L << 30;

    private const int BufferBytes = 1 << 20;

    /// <summary>Linux unpacks an archive behind another one only at a multiple of this.</summary>
    private const int Alignment = 4;

    /// <inheritdoc/>
    public long Size
    {
        get
        {
            long total = 0;
            foreach (BootFile part in Parts)
            {
                using IGuestFile file = Open(part);
                total = file.Size <= MaxBytes - total
                    ? total + file.Size + Padding(file.Size)
                    : throw new GenException(ExitCode.OverLimit, $"initrd {file.Name}: with it the joined one has more than {MaxBytes >> 20} MiB");
            }

            return total;
        }
    }

    /// <summary>Names it: the last part's name with something behind that is the same for the same parts.</summary>
    /// <param name="directory">Where it is to be written on this host.</param>
    /// <param name="boot">The entry.</param>
    public static MergedInitrd For(string directory, LinuxBoot boot)
    {
        string parts = string.Join('\n', boot.Initrds.Select(part => part.ToString()));
        Span<byte> hash = stackalloc byte[Sha256.HashBytes];
        Sha256.Hash(GuestText.ToBytes(parts), hash);
        BootFile last = boot.Initrds[^1];
        string name = $"{last.Path[(last.Path.LastIndexOf('/') + 1)..]}.merged-{Convert.ToHexStringLower(hash)[..8]}";
        string beside = last.Path[..(last.Path.LastIndexOf('/') + 1)] + name;
        string menu = boot.Kernel.Volume is DirectoryVolume volume && volume.PathOf(Path.GetFullPath(directory)) is { } inside ? $"{inside.TrimEnd('/')}/{name}"
            : last.Volume == boot.Kernel.Volume ? beside
            : LegacyName.Of(last.Volume.GrubName) + beside;
        return new MergedInitrd(new MergedName(menu, name, boot.Initrds.Count), boot.Initrds);
    }

    /// <inheritdoc/>
    /// <exception cref="GenException">A part isn't there, or ends too early.</exception>
    public void CopyTo(Action<ReadOnlyMemory<byte>> write)
    {
        byte[] buffer = new byte[BufferBytes];
        foreach (BootFile part in Parts)
        {
            using IGuestFile file = Open(part);
            for (long offset = 0; offset < file.Size;)
            {
                int count = file.Read(offset, buffer);
                if (count == 0)
                {
                    throw new GenException(ExitCode.Corrupt, $"initrd {file.Name} ends at byte {offset}, before its size of {file.Size}");
                }

                write(buffer.AsMemory(0, count));
                offset += count;
            }

            write(new byte[Padding(file.Size)]);
        }
    }

    private static int Padding(long size) => (int)(-size & (Alignment - 1));

    private static IGuestFile Open(BootFile part) =>
        Volumes.Open(part) ?? throw new GenException(ExitCode.NotFound, $"initrd {GuestText.Display(part.ToString())} is not there");
}

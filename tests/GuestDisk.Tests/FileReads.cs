using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Tests.Damage;
using Xunit;

namespace BlockRbd.GuestDisk.Tests;

/// <summary>What holds for files of every filesystem.</summary>
internal static class FileReads
{
    /// <summary>A read of any place and length gives what the whole file has there, and ends where it ends.</summary>
    public static void AnyPieceIsThatOfTheWhole(FileNode file, int longest = 20_000, int rounds = 500)
    {
        byte[] whole = new byte[file.Size];
        Assert.Equal(whole.Length, file.Read(0, whole));
        Random random = new(1);
        for (int i = 0; i < rounds; i++)
        {
            int offset = random.Next(whole.Length + 100);
            byte[] piece = new byte[random.Next(1, longest)];
            int count = file.Read(offset, piece);
            Assert.Equal(Math.Clamp(whole.Length - offset, 0, piece.Length), count);
            Assert.True(piece.AsSpan(0, count).SequenceEqual(whole.AsSpan(Math.Min(offset, whole.Length), count)), $"{count} bytes at {offset}");
        }
    }

    /// <summary>Files copied as a kernel and a ramdisk are cost few reads and hardly more bytes than they have.</summary>
    /// <param name="source">What the filesystem was, or will be, opened on: all of its reads count.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="paths">The files.</param>
    /// <param name="moreReads">Reads besides one for each MiB.</param>
    /// <param name="moreBytes">Bytes besides those of the files.</param>
    /// <param name="expected">What the files have together, in bytes.</param>
    public static void CopyingCosts(PatchedSource source, Func<GuestFileSystem> open, IReadOnlyList<string> paths, int moreReads, int moreBytes, long expected)
    {
        GuestFileSystem fileSystem = open();
        byte[] buffer = new byte[1 << 20];
        long payload = 0;
        foreach (string path in paths)
        {
            FileNode node = GuestPath.ResolveFile(fileSystem, Encoding.Latin1.GetBytes(path));
            for (long offset = 0; offset < node.Size; offset += buffer.Length)
            {
                payload += node.Read(offset, buffer);
            }
        }

        Assert.Equal(expected, payload);
        Assert.InRange(source.Reads, 1, (int)(payload >> 20) + moreReads);
        Assert.InRange(source.BytesRead, payload, payload + moreBytes);
    }

    /// <summary>Names that are in no directory are not found in this one.</summary>
    public static void NamesNotThereAreNotFound(FileNode directory, int rounds = 300)
    {
        for (int i = 0; i < rounds; i++)
        {
            Assert.Null(directory.Find(Encoding.Latin1.GetBytes($"not there {i}")));
        }
    }
}

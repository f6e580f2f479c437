using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Iso9660;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Iso9660;

/// <summary>An image whose directory records can be changed, in memory.</summary>
internal sealed class IsoImage : IDisposable
{
    private readonly FileSource _file;

    public IsoImage(string image)
    {
        _file = FileSource.Open(TestImages.Image("iso", image));
        Source = new PatchedSource(_file);
    }

    public PatchedSource Source { get; }

    public GuestFileSystem Open() => Iso9660FileSystem.Open(Source);

    public FileNode Node(string path) => GuestPath.Resolve(Open(), Encoding.Latin1.GetBytes(path), followLast: false);

    /// <summary>Where the directory record of a path stands.</summary>
    public long Record(string path) => (long)Node(path).Number;

    /// <summary>Where a SUSP entry of the record of a path stands.</summary>
    public long Entry(string path, string signature)
    {
        long record = Record(path);
        int length = Source.ReadExactly(record, 1)[0];
        int name = Source.ReadExactly(record + 32, 1)[0];
        int at = 33 + name + ((name + 1) % 2);
        while (at + 4 <= length)
        {
            byte[] header = Source.ReadExactly(record + at, 3);
            if (Encoding.ASCII.GetString(header, 0, 2) == signature)
            {
                return record + at;
            }

            at += header[2];
        }

        throw new InvalidOperationException($"{path} has no {signature} in its own record");
    }

    /// <summary>Fails unless using the whole directory ends in this fault.</summary>
    public ImageFormatException Refuses(ImageFault fault, string directory)
    {
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => Node(directory).List().Count());
        Assert.Equal(fault, e.Fault);
        return e;
    }

    public void Dispose() => _file.Dispose();
}

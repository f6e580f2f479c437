using System.Globalization;
using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Btrfs;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;

namespace BlockRbd.GuestDisk.Tests.Btrfs;

/// <summary>A good image, of one device or several, that a test damages in memory.</summary>
internal sealed class BtrfsImage : IDisposable
{
    private readonly List<FileSource> _files = [];

    public BtrfsImage(string name)
    {
        string first = TestImages.Image("btrfs", name);
        _files.Add(FileSource.Open(first));
        for (int i = 2; File.Exists(Device(first, i)); i++)
        {
            _files.Add(FileSource.Open(Device(first, i)));
        }

        Devices = [.. _files.Select(file => new PatchedSource(file))];
    }

    /// <summary>All devices, the first one first.</summary>
    public IReadOnlyList<PatchedSource> Devices { get; }

    public PatchedSource First => Devices[0];

    public GuestFileSystem Open() => Open(Devices);

    public static GuestFileSystem Open(IEnumerable<BlockSource> devices) => BtrfsFileSystem.Open(devices.First(), [.. devices.Skip(1)]);

    public FileNode Resolve(string path) => GuestPath.Resolve(Open(), Encoding.Latin1.GetBytes(path), followLast: false);

    /// <summary>Where the tree blocks of some level stand on the first device that an operation reads.</summary>
    public List<long> Blocks(int level, int nodeSize, Action operation)
    {
        First.Trace = [];
        operation();
        List<long> blocks = [.. First.Trace.Where(read => read.Length == nodeSize && _files[0].ReadExactly(read.Offset + 100, 1)[0] == level).Select(read => read.Offset)];
        First.Trace = null;
        return blocks;
    }

    public void Dispose()
    {
        foreach (FileSource file in _files)
        {
            file.Dispose();
        }
    }

    private static string Device(string first, int number) => string.Create(CultureInfo.InvariantCulture, $"{first[..^4]}.{number}.img");
}

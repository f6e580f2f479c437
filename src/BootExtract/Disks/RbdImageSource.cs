using BlockRbd.Ceph;
using BlockRbd.Ceph.Images;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Linux;

namespace BlockRbd.BootExtract.Disks;

/// <summary>A guest's disk straight from the cluster, read-only, with nothing mapped. Not for more than one thread.</summary>
internal sealed class RbdImageSource : BlockSource
{
    private readonly CephPool _pool;
    private readonly RbdImageReader _reader;
    private readonly TimeSpan _patience;

    private RbdImageSource(CephPool pool, RbdImageReader reader, TimeSpan patience)
    {
        _pool = pool;
        _reader = reader;
        _patience = patience;
    }

    /// <summary>pool/[namespace/]image[@snapshot].</summary>
    public override string Name => _reader.Name;

    /// <inheritdoc/>
    public override long Length => _reader.Length;

    /// <summary>What blkback makes of an image too; one that is the copy of a 4096-byte disk shows that in its partition table only.</summary>
    public override int SectorSize => 512;

    /// <summary>Opens an image.</summary>
    /// <param name="pool">Its pool; it and its cluster are disposed of with the source.</param>
    /// <param name="image">Its name.</param>
    /// <param name="snapshot">A snapshot of it, or null.</param>
    /// <param name="patience">How long one read may last.</param>
    /// <exception cref="CephException">It can't be opened; the pool is still the caller's.</exception>
    public static RbdImageSource Open(CephPool pool, string image, string? snapshot, TimeSpan patience) =>
        new(pool, RbdImageReader.Open(pool, image, snapshot), patience);

    /// <inheritdoc/>
    protected override void ReadCore(long offset, Span<byte> buffer)
    {
        _pool.Cluster.Deadline = Deadline.After(_patience);
        try
        {
            _reader.Read(offset, buffer);
        }
        catch (CephException e)
        {
            throw new SourceReadException(Name, offset, e.Message, e.Fault switch
            {
                CephFault.Timeout or CephFault.NotPermitted or CephFault.Blocklisted => "", // its message says what to look at
                _ => "look at the cluster ('ceph health detail') and at the image ('rbd info')",
            });
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reader.Dispose();
            _pool.Dispose();
            _pool.Cluster.Dispose();
        }

        base.Dispose(disposing);
    }
}

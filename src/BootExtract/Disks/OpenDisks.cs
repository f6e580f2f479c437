using BlockRbd.BootExtract.CommandLine;
using BlockRbd.Ceph.Targets;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.BootExtract.Disks;

/// <summary>What the command line's IMAGEs mean, open.</summary>
internal sealed class OpenDisks : IDisposable
{
    private readonly List<BlockSource> _disks = [];

    private OpenDisks()
    {
    }

    /// <summary>In the command line's order.</summary>
    public IReadOnlyList<BlockSource> All => _disks;

    /// <summary>Opens them.</summary>
    /// <param name="request">What is asked for.</param>
    /// <exception cref="ExtractException">An image of a cluster can't be opened.</exception>
    /// <exception cref="GuestDisk.SourceReadException">A file or device can't be.</exception>
    public static OpenDisks Open(ExtractRequest request)
    {
        OpenDisks disks = new();
        try
        {
            foreach (string image in request.Images)
            {
                if (!request.IsConfig && TryTarget(image) is { } target)
                {
                    disks._disks.Add(OpenRbd(target));
                    continue;
                }

                disks._disks.Add(FileSource.Open(image));
            }

            return disks;
        }
        catch
        {
            disks.Dispose();
            throw;
        }
    }

    public void Dispose() => _disks.ForEach(static disk => disk.Dispose());

    /// <summary>The image of a cluster that a text means; null for a path. One that exists always wins, and so does one that can be nothing else.</summary>
    /// <exception cref="ExtractException">It can't be a path, and isn't a target either.</exception>
    internal static RbdTarget? TryTarget(string image)
    {
        if (image is "" or ['/', ..] || Path.Exists(image))
        {
            return null;
        }

        try
        {
            return RbdTarget.Parse(image);
        }
        catch (RbdTargetException e)
        {
            // Without a colon it is more likely a path that isn't there.
            return image.Contains(':', StringComparison.Ordinal) ? throw new ExtractException(ExitCode.Usage, $"no such file, and {e.Message}", e) : null;
        }
    }

    private static BlockSource OpenRbd(RbdTarget target)
    {
        RbdHost host = RbdHost.From(Environment.GetEnvironmentVariable);
        try
        {
            target = target.WithDefaults(BlockRbdConfig.Load(host.Configuration));
        }
        catch (RbdTargetException e)
        {
            throw new ExtractException(ExitCode.Usage, e.Message, e);
        }

        return new RbdDisk(host, ExtractProgram.Note).Open(target);
    }
}

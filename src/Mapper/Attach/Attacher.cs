using BlockRbd.Ceph;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using BlockRbd.Ceph.Mappings;
using BlockRbd.Ceph.Targets;
using BlockRbd.Linux;
using BlockRbd.Mapper.State;
using BlockRbd.Xen;
using AttachRequest = BlockRbd.Xen.AttachRequest;

namespace BlockRbd.Mapper.Attach;

/// <summary>
/// `add`: request, target, cluster, image, lock, mapping, answer. What is done is in the record before it is done, so that undoing it
/// is the same <see cref="Releaser"/>, whether this run fails or the next one finds it killed.
/// </summary>
internal sealed class Attacher(Session session, XenbusPath path)
{
    private static readonly TimeSpan ForeignPatience = TimeSpan.FromSeconds(5);

    private CephCluster? _cluster;
    private AttachRecord? _record;

    /// <summary>Attaches the disk, or leaves nothing of it but the reason.</summary>
    /// <exception cref="MapperException">It can't be; everything that could be undone is, and libxl has been told.</exception>
    public void Run()
    {
        try
        {
            using RecordLock own = session.Records.Take(path.Relative, session.Patience.Work, session.Patience.Cancelled);
            try
            {
                Attach();
            }
            catch (Exception e)
            {
                Exception cause = session.Patience.Interrupted(e);
                string reason = Failures.SentenceOf(cause);
                string? left = _record is null ? null : new Releaser(session).Release(_record, _cluster, session.Patience.End);
                throw new MapperException(Failures.CodeOf(cause), left is null ? reason : $"{reason}; {left}", e);
            }
            finally
            {
                _cluster?.Dispose();
            }
        }
        catch (Exception e)
        {
            Exception cause = session.Patience.Interrupted(e);
            // Last, when nothing is held any more: libxl may go on at once.
            Tell(Failures.SentenceOf(cause));
            if (cause != e)
            {
                throw cause;
            }

            throw;
        }
    }

    private void Attach()
    {
        if (IsDone())
        {
            session.Log.Done("is attached already");
            return;
        }

        AttachRequest request = AttachRequest.Read(session.Store(session.Patience.Work), path);
        string domain = request.Machine.Name ?? $"domain {request.Machine.DomainId}";
        session.Log.Subject = $"{domain} {request.VirtualDevice}";
        BlockRbdConfig config = BlockRbdConfig.Load(session.Host.Configuration);
        RbdTarget target = RbdTarget.Parse(request.Target).WithDefaults(config);
        session.Patience.Set(target.Options.Timeout ?? Patience.Default);
        AccessMode mode = target.Mode(request.IsWritable);
        session.Reached("requested", $"wants {target} for {mode.Spelling()}");

        session.Patience.Check("connecting to the cluster");
        _cluster = CephCluster.Connect(target.Options, session.Patience.Work);
        session.Reached("connected", $"connected to cluster {_cluster.Fsid} as {_cluster.User}");
        using CephPool pool = _cluster.OpenPool(target.Pool, target.Namespace);
        ImageFinder finder = new(session, config);
        target = finder.Named(pool, target, request);
        AttachRecord record = NewRecord(request, target, mode, pool);
        if (target.Options.CloneFrom is { } source)
        {
            Clone(pool, record, source);
        }

        ImageInfo image = finder.Find(pool, target, mode);
        session.Reached("found", $"{image.FullName} is image {image.Id} of {image.Size} bytes");

        session.Patience.Check("locking the image");
        Lock(pool, image, record, request, config.SharesSameMachine(pool.Name));
        session.Patience.Check("mapping the image");
        MappedImage mapping = Map(pool, target, image, mode);
        session.Patience.Check("telling libxl");
        // Once libxl knows the device it may be in use, and can't be taken back because there is no room for a record.
        Action setAttached = session.Records.Prepare(_record! with { Step = AttachStep.Attached });
        HotplugAnswer.Connected(session.Store(session.Patience.Work), path, (uint)mapping.Major, (uint)mapping.Minor, mapping.Device);
        session.Reached("answered", $"libxl knows {mapping.Device}");
        setAttached();
        session.Reached("attached", "recorded");
        session.Log.Done($"{image.FullName} is attached as {mapping.Device} ({HotplugAnswer.Format((uint)mapping.Major, (uint)mapping.Minor)}) for {mode.Spelling()}");
    }

    // libxl never asks twice, but an administrator may; and a run that was killed left something that is undone first.
    private bool IsDone()
    {
        if (session.Records.Read(path.Relative) is not { } former)
        {
            return false;
        }

        string? device = HotplugAnswer.ConnectedDevice(session.Store(session.Patience.Work), path);
        if (former.BootId == session.Host.BootId && former.Step == AttachStep.Attached && device == HotplugAnswer.Format(former.Major, former.Minor)
            && session.Kernel.IsMapped(former))
        {
            return true;
        }

        session.Log.Warn($"an earlier run ended at step {former.Step} and left {former.Target.Name}: letting go of it first");
        session.Patience.Set(former.Target.Options.Timeout ?? Patience.Default);
        return new Releaser(session).Release(former, cluster: null, session.Patience.Work) is { } left
            ? throw new MapperException(ExitCode.Left, $"what an earlier run left is still there: {left}")
            : false;
    }

    private AttachRecord NewRecord(AttachRequest request, RbdTarget target, AccessMode mode, CephPool pool) => new()
    {
        Path = path.Relative,
        BootId = session.Host.BootId,
        Step = AttachStep.Cloning,
        DomainId = request.Machine.DomainId,
        DomainName = request.Machine.BareName ?? "",
        Uuid = request.Machine.Uuid ?? "",
        VirtualDevice = request.VirtualDevice,
        Target = target,
        Mode = mode,
        Fsid = pool.Cluster.Fsid,
        PoolId = pool.Id,
        ImageId = "",
        LockName = "",
        Cookie = "",
        Since = DateTime.UtcNow,
    };

    private void Clone(CephPool pool, AttachRecord record, CloneSource source)
    {
        session.Patience.Check("cloning the image");
        string unfinished = ImageClone.NewTemporaryName(record.Target.Image);
        Record(record with { UnfinishedClone = unfinished });
        session.Reached("cloning", $"wants a clone of {source}");
        ImageClone.Ensure(pool, record.Target.Image, source, unfinished, session.Log.Decision);
        session.Reached("cloned", $"{record.Target.Name} is there");
    }

    private void Lock(CephPool pool, ImageInfo image, AttachRecord record, AttachRequest request, bool sharesSameMachine)
    {
        Machine machine = request.Machine;
        AttachHolder holder = new()
        {
            Host = session.Host.HostName,
            HostId = HostIdentity.Of(session.Host),
            BootId = session.Host.BootId,
            Domain = record.DomainName,
            DomainId = (int)Math.Min(machine.DomainId, int.MaxValue),
            Machine = HostIdentity.MachineOf(machine, session.Host),
            Vdev = request.VirtualDevice,
            XenbusPath = path.Relative,
            IsWriter = record.Mode.IsWritable(),
            Since = new DateTimeOffset(record.Since, TimeSpan.Zero),
        };
        record = Record(record with
        {
            Step = AttachStep.Locking,
            UnfinishedClone = "",
            ImageId = image.Id,
            LockName = AttachLock.NameFor(image.Snapshot?.Id),
            Cookie = record.Mode.IsLocked() ? AttachLock.NewCookie(holder) : "",
        });
        session.Reached("locking", $"locking {image.FullName}");
        if (!record.Mode.IsLocked())
        {
            session.Log.Decision($"{image.FullName} is attached with {record.Mode.Spelling()}: no lock is asked for, nothing keeps others from it");
            return;
        }

        image = AwaitForeignWriter(pool, image, record);
        Ceph.Locks.AttachRequest wanted = new(holder, machine.IsIncoming, sharesSameMachine);
        try
        {
            AttachLock.Take(pool, image, wanted, record.Cookie, session.Log.Decision);
        }
        catch (CephException e) when (e.Fault == CephFault.Conflict && new Mender(session).MendImage(record, pool))
        {
            session.Patience.Check("locking the image");
            AttachLock.Take(pool, Again(pool, image, record), wanted, record.Cookie, session.Log.Decision);
        }

        session.Reached("locked", $"{image.FullName} is locked for {record.Mode.Spelling()}");
    }

    // A snapshot or a resize takes the same lock as a guest's disk, but not for long.
    private ImageInfo AwaitForeignWriter(CephPool pool, ImageInfo image, AttachRecord record)
    {
        Deadline patience = session.Patience.Work.OrAfter(ForeignPatience);
        while (ForeignWriter.Find(pool, image) is { } writer)
        {
            session.Patience.Check("locking the image");
            if (patience.IsOver)
            {
                throw new MapperException(
                    ExitCode.InUse,
                    $"image {image.FullName} is being written by {writer}, which has no attach lock (QEMU, rbd, a mapping made by hand): end that first"
                    + $" ('rbd status {image.FullName}'), or give access={record.Mode.Spelling()}! where both may have it");
            }

            patience.Sleep(TimeSpan.FromMilliseconds(100));
            image = Again(pool, image, record);
        }

        return image;
    }

    private static ImageInfo Again(CephPool pool, ImageInfo image, AttachRecord record) =>
        ImageLookup.Describe(pool, image.Name, image.Id, record.Target.Snapshot, !record.Mode.IsWritable());

    private MappedImage Map(CephPool pool, RbdTarget target, ImageInfo image, AccessMode mode)
    {
        Deadline deadline = session.Patience.Work;
        AttachRecord record = _record!;
        using RecordLock one = session.Records.TakeImage(record.Fsid, record.ImageId, deadline, session.Patience.Cancelled);
        record = Record(record with
        {
            Step = AttachStep.Mapping,
            FormerClients = [.. session.Kernel.List().Where(m => KernelImages.IsOfImage(m, record)).Select(static m => m.Incarnation)],
        });
        session.Reached("mapping", $"mapping {image.FullName}");
        MapRequest request = new(
            record.Fsid, image, target.Options, ReadOnly: !mode.IsWritable(),
            () => ImageLookup.Describe(pool, image.Name, image.Id, target.Snapshot, readOnly: true).Size);
        MappedImage mapping = session.Kernel.Map(request, record, session.Records.All([]), session.Patience);
        session.Reached("mapped", $"{image.FullName} is mapped as {mapping.Device}");
        // rbd-nbd opened whatever has the name, and its device doesn't tell what that is.
        if (mapping.ImageId is null && ImageLookup.TryFindId(pool, image.Name) != image.Id)
        {
            throw new MapperException(ExitCode.Failed, $"{image.FullName} came to be another image while it was mapped");
        }

        Record(record with
        {
            Step = AttachStep.Answering,
            Device = mapping.Device,
            DeviceId = mapping.Number,
            Client = mapping.Incarnation,
            Major = (uint)mapping.Major,
            Minor = (uint)mapping.Minor,
        });
        session.Reached("answering", "the device is recorded");
        return mapping;
    }

    private AttachRecord Record(AttachRecord record)
    {
        session.Records.Write(record);
        return _record = record;
    }

    private void Tell(string sentence)
    {
        try
        {
            HotplugAnswer.Failed(session.Store(session.Patience.End.OrAfter(TimeSpan.FromSeconds(5))), path, sentence);
        }
        catch (Exception e) when (Failures.IsExpected(e))
        {
            session.Log.Warn($"libxl could not be told: {e.Message}");
        }
    }
}

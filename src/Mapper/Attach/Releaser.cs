using BlockRbd.Ceph;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using BlockRbd.Ceph.Mappings;
using BlockRbd.Linux;
using BlockRbd.Mapper.State;

namespace BlockRbd.Mapper.Attach;

/// <summary>
/// Lets go of what a record names, step by step and in reverse: unmap, unlock, forget. Each step may have been taken before, by us or by
/// somebody else; that is no error. What can't be done now stays in the record, for the next remove, add or recover.
/// </summary>
internal sealed class Releaser(Session session)
{
    /// <summary>Goes as far as it can.</summary>
    /// <param name="record">From the store; nobody else works on it.</param>
    /// <param name="cluster">A connection to its cluster, where there already is one.</param>
    /// <param name="deadline">For all of it.</param>
    /// <returns>What is left, as one sentence; null where nothing is and the record is gone.</returns>
    public string? Release(AttachRecord record, CephCluster? cluster, Deadline deadline)
    {
        try
        {
            record = Unmap(record, deadline);
        }
        catch (Exception e) when (Failures.IsExpected(e))
        {
            // Still mapped means that it may still be written: the lock stays.
            return $"{record.Target.Name} stays mapped{On(record)} and locked: {e.Message}";
        }

        try
        {
            Unlock(record, cluster, deadline);
        }
        catch (Exception e) when (Failures.IsExpected(e))
        {
            return $"{record.Target.Name} is unmapped, but its attach lock could not be released: {e.Message}; 'block-rbd recover' tries again";
        }

        session.Records.Forget(record);
        session.Reached("forgotten", "nothing is left of it");
        return null;
    }

    private AttachRecord Unmap(AttachRecord record, Deadline deadline)
    {
        bool mayBeMapped = record.BootId == session.Host.BootId && record.Step is not (AttachStep.Cloning or AttachStep.Locking or AttachStep.Unlocking);
        if (mayBeMapped)
        {
            record = Begin(record, AttachStep.Unmapping);
            session.Reached("unmapping", $"unmapping {record.Target.Name}{On(record)}");
            // Without a device in the record it is what appeared meanwhile, and nobody may map or unmap the image while we look.
            using RecordLock? image = record.Device.Length > 0 ? null : session.Records.TakeImage(record.Fsid, record.ImageId, deadline);
            foreach (MappedImage mapping in Mappings(record, deadline))
            {
                session.Kernel.Unmap(mapping, deadline);
            }

            session.Reached("unmapped", $"{record.Target.Name} is unmapped");
        }

        return Begin(record with { Device = "", DeviceId = -1, Client = "", FormerClients = [] }, AttachStep.Unlocking);
    }

    // The record's own mapping; where it doesn't name one yet, what appeared since it was written and is nobody else's.
    private List<MappedImage> Mappings(AttachRecord record, Deadline deadline)
    {
        if (record.Device.Length > 0)
        {
            return [.. session.Kernel.List().Where(m => KernelImages.IsMappingOf(m, record))];
        }

        List<MappedImage> ours = [.. session.Kernel.ListWithComing(record, deadline).Where(m => KernelImages.IsOfImage(m, record) && !record.FormerClients.Contains(m.Incarnation))];
        if (ours.Count == 0)
        {
            return ours;
        }

        List<AttachRecord> others = [.. session.Records.All([]).Where(r => r.Path != record.Path && r.BootId == session.Host.BootId)];
        return [.. ours.Where(m => !others.Any(r => KernelImages.IsMappingOf(m, r)))];
    }

    private void Unlock(AttachRecord record, CephCluster? cluster, Deadline deadline)
    {
        if (record.Cookie.Length == 0 && record.UnfinishedClone.Length == 0)
        {
            return;
        }

        session.Reached("unlocking", $"unlocking {record.Target.Name}");
        CephCluster? own = null;
        try
        {
            cluster ??= own = CephCluster.Connect(record.Target.Options, deadline);
            cluster.Deadline = deadline;
            if (cluster.Fsid != record.Fsid)
            {
                throw new MapperException(ExitCode.Failed, $"the configuration now leads to cluster {cluster.Fsid}, not to {record.Fsid}");
            }

            using CephPool pool = cluster.OpenPool(record.Target.Pool, record.Target.Namespace, record.PoolId);
            if (record.UnfinishedClone.Length > 0)
            {
                ImageClone.RemoveUnfinished(pool, record.UnfinishedClone);
            }

            bool held = record.Cookie.Length > 0 && AttachLock.Release(pool, record.ImageId, record.LockName, record.Cookie);
            session.Reached("unlocked", held ? $"{record.Target.Name} is unlocked" : $"{record.Target.Name} was not locked by this attach");
        }
        catch (CephException e) when (e.Fault == CephFault.NotFound)
        {
            session.Reached("unlocked", $"{e.Message}: no lock is left"); // the pool is gone, and the image with it
        }
        finally
        {
            own?.Dispose();
        }
    }

    private AttachRecord Begin(AttachRecord record, AttachStep step)
    {
        record = record with { Step = step };
        try
        {
            session.Records.Write(record);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Letting go must not fail on a full /run: the older record says more than is there, which is safe.
            session.Log.Warn($"the record of {record.Path} could not be renewed: {e.Message}");
        }

        return record;
    }

    private static string On(AttachRecord record) => record.Device.Length > 0 ? " on " + record.Device : "";
}

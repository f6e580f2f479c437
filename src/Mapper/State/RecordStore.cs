using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using BlockRbd.Linux;
using BlockRbd.Xen;

namespace BlockRbd.Mapper.State;

/// <summary>
/// The records of this host's attached disks: one file each, written beside and renamed, so that a kill leaves the old one or the new
/// one. They stand on a tmpfs: a power cut takes them with the mappings they are about, so nothing is synced.
/// </summary>
internal sealed class RecordStore(HostPaths host)
{
    private const string Suffix = ".json";
    private const int MaxRecordBytes = 64 << 10;

    /// <summary>Waits for whoever works on the disk, and keeps others from it.</summary>
    /// <exception cref="MapperException">Somebody still does at the deadline.</exception>
    /// <exception cref="OperationCanceledException">It is not wanted any more.</exception>
    public RecordLock Take(string path, Deadline deadline, CancellationToken cancel = default) =>
        TakeFile(FileOf(path) + ".lock", $"an earlier block-rbd, or the rbd command that it started, still works on {path}", deadline, cancel);

    /// <summary>As <see cref="Take"/>, null where somebody works on it now.</summary>
    public RecordLock? TryTake(string path)
    {
        MakeFolder();
        return RecordLock.TryTake(FileOf(path) + ".lock", Deadline.After(TimeSpan.Zero));
    }

    /// <summary>One mapping or unmapping of an image at a time, so that what appears in between is known to be it.</summary>
    /// <exception cref="MapperException">Somebody still does at the deadline.</exception>
    /// <exception cref="OperationCanceledException">It is not wanted any more.</exception>
    public RecordLock TakeImage(Guid fsid, string imageId, Deadline deadline, CancellationToken cancel = default) =>
        TakeFile(ImageFile(fsid, imageId), "another block-rbd, or the rbd command that it started, is still mapping this image", deadline, cancel);

    /// <summary>A disk's record, or null.</summary>
    public AttachRecord? Read(string path)
    {
        string file = FileOf(path) + Suffix;
        try
        {
            FileInfo info = new(file);
            AttachRecord? record = !info.Exists ? null
                : info.Length > MaxRecordBytes ? throw RecordText.Odd(file, "it is larger than any record")
                : RecordText.Parse(file, File.ReadAllBytes(file));
            return record is null || record.Path == path ? record : throw RecordText.Odd(file, $"it is one of {record.Path}");
        }
        catch (FileNotFoundException)
        {
            return null; // let go of meanwhile
        }
    }

    /// <summary>Sets a disk's record. When this returns, a kill finds it.</summary>
    public void Write(AttachRecord record) => Prepare(record)();

    /// <summary>Writes a disk's record so that setting it later needs no room any more.</summary>
    /// <returns>Sets it.</returns>
    public Action Prepare(AttachRecord record)
    {
        MakeFolder();
        string file = FileOf(record.Path);
        string beside = string.Create(null, $"{file}.{Environment.ProcessId}.new");
        try
        {
            File.WriteAllBytes(beside, RecordText.Format(record));
        }
        catch (IOException)
        {
            File.Delete(beside); // on a full /run it has a name all the same
            throw;
        }

        return () => File.Move(beside, file + Suffix, overwrite: true);
    }

    /// <summary>The records that can be read, by path, and for the others a sentence each.</summary>
    public IReadOnlyList<AttachRecord> All(List<string> problems)
    {
        List<AttachRecord> records = [];
        foreach (string file in Directory.Exists(host.Run) ? Directory.GetFiles(host.Run, "*" + Suffix).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            string path = System.IO.Path.GetFileNameWithoutExtension(file).Replace('-', '/');
            try
            {
                if (XenbusPath.TryParse(path)?.Relative != path)
                {
                    throw RecordText.Odd(file, "no disk's record has such a name");
                }

                if (Read(path) is { } record)
                {
                    records.Add(record);
                }
            }
            catch (Exception e) when (e is MapperException or IOException or UnauthorizedAccessException)
            {
                problems.Add(e.Message);
            }
        }

        return records;
    }

    /// <summary>Removes a record and what killed runs left beside it. Only with nobody at work on that disk.</summary>
    public void Forget(AttachRecord record)
    {
        File.Delete(FileOf(record.Path) + Suffix);
        foreach (string file in Directory.EnumerateFiles(host.Run, System.IO.Path.GetFileName(FileOf(record.Path)) + ".*.new"))
        {
            File.Delete(file);
        }

        RecordLock.TryTake(ImageFile(record.Fsid, record.ImageId), Deadline.After(TimeSpan.Zero))?.Dispose();
    }

    /// <summary>Removes lock files that killed runs left; those that somebody holds stay.</summary>
    public void SweepLocks()
    {
        foreach (string file in Directory.Exists(host.Run) ? Directory.EnumerateFiles(host.Run, "*.lock") : [])
        {
            RecordLock.TryTake(file, Deadline.After(TimeSpan.Zero))?.Dispose();
        }
    }

    private RecordLock TakeFile(string file, string busy, Deadline deadline, CancellationToken cancel)
    {
        MakeFolder();
        if (RecordLock.TryTake(file, deadline, cancel) is { } taken)
        {
            return taken;
        }

        cancel.ThrowIfCancellationRequested();
        throw new MapperException(ExitCode.Timeout, busy);
    }

    private string ImageFile(Guid fsid, string imageId) => System.IO.Path.Combine(
        host.Run, "image-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{fsid}/{imageId}")).AsSpan(0, 12)) + ".lock");

    // A relative XENBUS_PATH has only letters, digits and slashes in it (XenbusPath), so this is a file's name and one to one.
    private string FileOf(string path) => System.IO.Path.Combine(host.Run, XenbusPath.Parse(path).Relative.Replace('/', '-'));

    private void MakeFolder()
    {
        if (!Directory.Exists(host.Run) && Libc.MkDir(host.Run, 0x1C0 /* 0700 */) != 0 && !Directory.Exists(host.Run))
        {
            throw new MapperException(ExitCode.Failed, $"{host.Run}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }
}

using System.Runtime.InteropServices;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Mapper.State;

/// <summary>
/// One process at a time for one disk, or for one image's mapping. The descriptor is inherited by children on purpose: libxl's SIGKILL
/// hits the script alone, so while an orphaned `rbd device map` still runs, the lock is held and nobody takes the half-done mapping
/// for finished or for gone.
/// </summary>
internal sealed class RecordLock : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _path;

    private RecordLock(SafeFileHandle file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <summary>Takes the lock of a file that is made for it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="deadline">How long to wait for whoever has it.</param>
    /// <param name="cancel">Ends the waiting before.</param>
    /// <returns>Null where it is still held then.</returns>
    public static RecordLock? TryTake(string path, Deadline deadline, CancellationToken cancel = default)
    {
        while (true)
        {
            // Without O_CLOEXEC, see above.
            SafeFileHandle file = new(Libc.OpenCreate(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_NOFOLLOW, 0x180 /* 0600 */), ownsHandle: true);
            if (file.IsInvalid)
            {
                throw Failed(path);
            }

            if (Libc.FLock(file, Libc.LOCK_EX | Libc.LOCK_NB) == 0)
            {
                // Whoever had it before may have removed the file: then this lock is nobody's, and the next one makes another file.
                if (Libc.LinkCount(file) > 0)
                {
                    return new RecordLock(file, path);
                }

                file.Dispose();
                continue;
            }

            int errno = Marshal.GetLastPInvokeError();
            file.Dispose();
            if (errno is not (Libc.EAGAIN or Libc.EINTR))
            {
                throw Failed(path);
            }

            if (deadline.IsOver || cancel.IsCancellationRequested)
            {
                return null;
            }

            deadline.Sleep(TimeSpan.FromMilliseconds(5));
        }
    }

    /// <summary>Lets go, and removes the file unless somebody has the lock even now: the next one, or a child that lives on.</summary>
    public void Dispose()
    {
        _file.Dispose();
        SafeFileHandle file = new(Libc.Open(_path, Libc.O_RDWR | Libc.O_CLOEXEC | Libc.O_NOFOLLOW), ownsHandle: true);
        if (!file.IsInvalid && Libc.FLock(file, Libc.LOCK_EX | Libc.LOCK_NB) == 0 && Libc.LinkCount(file) > 0)
        {
            File.Delete(_path); // whoever opened it meanwhile sees that it has no name any more
        }

        file.Dispose();
    }

    private static MapperException Failed(string path) =>
        new(ExitCode.Failed, $"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
}

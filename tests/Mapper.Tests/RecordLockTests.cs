using BlockRbd.Linux;
using BlockRbd.Mapper.State;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>
/// Who works on a disk. A lock's descriptor is inherited by every program that the process starts, on purpose; here that would be whatever
/// a test beside this one starts at that moment, which then has the lock too. So nothing runs beside these.
/// </summary>
[Collection(nameof(Alone))]
public sealed class RecordLockTests : IDisposable
{
    private const string Disk = "backend/vbd/3/51712";

    private readonly string _folder = Directory.CreateTempSubdirectory("records-").FullName;
    private readonly HostPaths _host;

    public RecordLockTests() => _host = new HostPaths { Run = Path.Combine(_folder, "run"), BootId = "b" };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_disk_is_worked_on_by_one_at_a_time_and_leaves_no_lock_file()
    {
        RecordStore store = new(_host);
        using (RecordLock own = store.Take(Disk, Deadline.After(TimeSpan.FromSeconds(1)), TestContext.Current.CancellationToken))
        {
            Assert.Null(store.TryTake(Disk));
            Assert.Throws<MapperException>(() => store.Take(Disk, Deadline.After(TimeSpan.FromMilliseconds(50)), TestContext.Current.CancellationToken));
        }

        store.TryTake(Disk)!.Dispose();
        Assert.Empty(Directory.GetFiles(_host.Run));
    }

    [Fact]
    public void Many_at_once_never_have_it_together()
    {
        RecordStore store = new(_host);
        int inside = 0;
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using RecordLock own = store.Take(Disk, Deadline.After(TimeSpan.FromSeconds(60)), TestContext.Current.CancellationToken);
            Assert.Equal(1, Interlocked.Increment(ref inside));
            Thread.SpinWait(1000);
            Interlocked.Decrement(ref inside);
        });
        Assert.Empty(Directory.GetFiles(_host.Run));
    }

    [Fact]
    public void A_program_that_was_started_meanwhile_has_the_lock_as_well_for_as_long_as_it_lives()
    {
        RecordStore store = new(_host);
        System.Diagnostics.Process child;
        using (store.Take(Disk, Deadline.After(TimeSpan.FromSeconds(1)), TestContext.Current.CancellationToken))
        {
            child = System.Diagnostics.Process.Start("/bin/sleep", "1000");
        }

        using (child)
        {
            Assert.Null(store.TryTake(Disk));
            child.Kill();
            child.WaitForExit();
        }

        store.TryTake(Disk)!.Dispose();
        Assert.Empty(Directory.GetFiles(_host.Run));
    }
}

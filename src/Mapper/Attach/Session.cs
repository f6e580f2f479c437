using BlockRbd.Linux;
using BlockRbd.Mapper.State;
using BlockRbd.Xen;

namespace BlockRbd.Mapper.Attach;

/// <summary>What one run has at hand.</summary>
internal sealed class Session : IDisposable
{
    private XenStore? _store;

    public Session(HostPaths host, TimeSpan whole)
    {
        Host = host;
        Log = new Log(host);
        Patience = new Patience(whole);
        Records = new RecordStore(host);
        Kernel = new KernelImages(host, Log);
    }

    public HostPaths Host { get; }

    public Log Log { get; }

    public Patience Patience { get; }

    public RecordStore Records { get; }

    public KernelImages Kernel { get; }

    /// <summary>xenstore, connected when it is first asked for and again after it broke.</summary>
    /// <param name="deadline">For all that is asked before the next call of this.</param>
    public XenStore Store(Deadline deadline)
    {
        if (_store is null || _store.IsBroken)
        {
            _store?.Dispose();
            _store = null;
            _store = XenStore.Connect(deadline);
        }

        _store.Deadline = deadline;
        return _store;
    }

    /// <summary>A step is done: says so, and is killed here where a test wants that.</summary>
    public void Reached(string step, string text)
    {
        Log.Step(text);
        if (Host.KillAt == step)
        {
            _ = Libc.Kill(Environment.ProcessId, Libc.SIGKILL);
            Thread.Sleep(Timeout.Infinite);
        }
    }

    public void Dispose()
    {
        _store?.Dispose();
        Patience.Dispose();
        Log.Dispose();
    }
}

using System.Diagnostics;
using System.Globalization;
using BlockRbd.Ceph;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using BlockRbd.Ceph.Targets;
using BlockRbd.Linux;
using BlockRbd.Mapper.Attach;

namespace BlockRbd.Mapper.People;

/// <summary>`check`: everything that `add` would look at, without attaching, each with the time it took.</summary>
/// <param name="session">What it works with.</param>
/// <param name="json">One document at the end instead of a line after each step.</param>
/// <param name="output">Where to.</param>
internal sealed class CheckCommand(Session session, bool json, TextWriter output)
{
    private readonly List<Finding> _findings = [];

    private readonly record struct Finding(string What, bool Good, string Text, TimeSpan Time);

    public ExitCode Run(string text, bool readOnly)
    {
        CheckAll(text, readOnly);
        bool good = _findings.All(static f => f.Good);
        if (json)
        {
            WriteJson(good);
        }

        return good ? ExitCode.Ok : ExitCode.Problems;
    }

    private void CheckAll(string text, bool readOnly)
    {
        RbdTarget? target = Check("target", () => RbdTarget.Parse(text).WithDefaults(BlockRbdConfig.Load(session.Host.Configuration)), static t => t.Format());
        Check("xenstore", () => session.Store(Deadline.After(TimeSpan.FromSeconds(5))), static _ => "answers");
        Check("rbd command", () => session.Kernel.RequireCommand(), static path => path);
        if (target?.Options.DeviceType == DeviceType.Nbd)
        {
            Check("rbd-nbd command", () => session.Kernel.RequireNbdCommand(), static path => path);
            Check("kernel", () => session.Kernel.HasNbdModule(), static loaded => loaded ? "has nbd" : "the nbd module is not loaded yet; rbd-nbd loads it");
        }
        else
        {
            Check("kernel", () => session.Kernel.SupportedFeatures(), static f => f is { } known
                ? $"knows {KernelFeatures.Format(known)}"
                : "the rbd module is not loaded yet; 'rbd device map' loads it");
        }

        if (target is null)
        {
            return;
        }

        if (target.IsSearch)
        {
            Report(good: true, "image", "is searched by the domain's name at attach", TimeSpan.Zero);
        }

        using CephCluster? cluster = Check("cluster", () => CephCluster.Connect(target.Options, session.Patience.Work), static c => $"{c.Fsid} as {c.User}");
        using CephPool? pool = cluster is null ? null : Check("pool", () => cluster.OpenPool(target.Pool, target.Namespace), static p => p.Name);
        if (pool is not null && !target.IsSearch)
        {
            CheckImage(pool, target, readOnly);
        }
    }

    private void CheckImage(CephPool pool, RbdTarget target, bool readOnly)
    {
        AccessMode? mode = Check("access", () => (AccessMode?)target.Mode(!readOnly), static m => m!.Value.Spelling());
        ImageInfo? image = Check(
            "image", () => ImageLookup.Find(pool, target.Image, target.Snapshot, mode?.IsWritable() != true),
            static i => $"{i.FullName}, id {i.Id}, {i.Size} bytes, {KernelFeatures.Format(i.Features)}");
        if (image is null || mode is null)
        {
            return;
        }

        Check("usable here", () => RequireUsable(pool, image, target), static _ => "yes");
        // Breaking a lock that nobody has changes nothing, and shows whether this user may lock.
        Check("may lock", () => AttachLock.Break(pool, image.Id, AttachLock.NameFor(image.Snapshot?.Id), 0, "check"), static _ => "yes");
        if (mode.Value.IsLocked())
        {
            Check("other writers", () => RequireNoForeignWriter(pool, image), static _ => "none is seen");
        }

        string[] holders = [.. image.Lock.Lockers.Select(static l => l.Describe())];
        bool free = holders.Length == 0 || (!mode.Value.IsWritable() && image.Lock.Tag == "r") || !mode.Value.IsLocked();
        Report(free, "lock", holders.Length == 0 ? "free" : "held by " + string.Join("; ", holders), TimeSpan.Zero);
    }

    private bool RequireUsable(CephPool pool, ImageInfo image, RbdTarget target)
    {
        session.Kernel.RequireUsable(pool, image, target);
        return true;
    }

    private static bool RequireNoForeignWriter(CephPool pool, ImageInfo image) => ForeignWriter.Find(pool, image) is not { } writer
        ? true
        : throw new MapperException(ExitCode.InUse, $"{writer} writes it without an attach lock");

    private T? Check<T>(string what, Func<T> work, Func<T, string> say)
    {
        Stopwatch clock = Stopwatch.StartNew();
        try
        {
            T result = work();
            Report(good: true, what, say(result), clock.Elapsed);
            return result;
        }
        catch (Exception e) when (Failures.IsExpected(e))
        {
            Report(good: false, what, e.Message, clock.Elapsed);
            return default;
        }
    }

    private void Report(bool good, string what, string text, TimeSpan time)
    {
        _findings.Add(new Finding(what, good, text, time));
        if (!json)
        {
            string took = string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");
            output.WriteLine($"{(good ? "ok   " : "FAIL ")} {took,10}  {what}: {text}");
        }
    }

    private void WriteJson(bool good) => JsonOutput.Write(output, document =>
    {
        document.WriteStartObject();
        document.WriteBoolean("ok", good);
        document.WriteStartArray("checks");
        foreach (Finding finding in _findings)
        {
            document.WriteStartObject();
            document.WriteString("what", finding.What);
            document.WriteBoolean("ok", finding.Good);
            document.WriteString("text", finding.Text);
            document.WriteNumber("ms", Math.Round(finding.Time.TotalMilliseconds, 1));
            document.WriteEndObject();
        }

        document.WriteEndArray();
        document.WriteEndObject();
    });
}

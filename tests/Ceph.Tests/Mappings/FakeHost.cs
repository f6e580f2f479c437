using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using BlockRbd.Ceph.Mappings;
using BlockRbd.Ceph.Targets;

namespace BlockRbd.Ceph.Tests.Mappings;

/// <summary>A host's /sys, /dev and /proc in a folder, and a shell script as its rbd program, which writes to them what the kernel would.</summary>
internal sealed class FakeHost : IDisposable
{
    public static readonly Guid Fsid = new("11111111-2222-3333-4444-555555555555");

    private readonly string _folder = Directory.CreateTempSubdirectory("host-").FullName;

    public FakeHost(string map = "appear 0; echo /dev/rbd0", string unmap = "vanish 0")
    {
        Directory.CreateDirectory(Path.Combine(_folder, "bus", "rbd", "devices"));
        Directory.CreateDirectory(Path.Combine(_folder, "proc"));
        Paths = new HostPaths(Path.Combine(_folder, "rbd"), _folder, Path.Combine(_folder, "dev"), Path.Combine(_folder, "proc"));
        File.WriteAllText(Paths.Rbd, $$"""
            #!/bin/sh
            cd {{_folder}}
            printf '%s\n' "$*" >> calls
            # appear N [FIELD VALUE]...: the kernel has device N
            appear() {
                d=bus/rbd/devices/$1
                mkdir -p $d block/rbd$1 dev
                : > dev/rbd$1
                echo 252 > $d/major; echo $(($1 * 16)) > $d/minor; echo 8388608 > $d/size; echo p > $d/pool; echo > $d/pool_ns
                echo i > $d/name; echo 10abc > $d/image_id; echo - > $d/current_snap; echo {{Fsid}} > $d/cluster_fsid
                echo client$(cat /proc/sys/kernel/random/uuid) > $d/client_id
                echo 0 > block/rbd$1/ro
                echo 252:$(($1 * 16)) > block/rbd$1/dev
                shift
                while [ $# -gt 0 ]; do [ $1 = ro ] && echo $2 > block/rbd0/ro || echo $2 > $d/$1; shift 2; done
            }
            vanish() { rm -rf bus/rbd/devices/$1 block/rbd$1 dev/rbd$1; }
            case $2 in
            map) {{map}} ;;
            unmap) {{unmap}} ;;
            esac
            """);
        Testing.Tool.Check("/bin/chmod", "700", Paths.Rbd);
        Mapping = new KernelMapping(Paths, Log.Add);
    }

    public HostPaths Paths { get; }

    public KernelMapping Mapping { get; }

    public List<string> Log { get; } = [];

    public string[] Calls => File.Exists(Path.Combine(_folder, "calls")) ? File.ReadAllLines(Path.Combine(_folder, "calls")) : [];

    public static MapRequest Request(string options = "", bool readOnly = false, string? snapshot = null, string name = "", long sizeNow = 8 << 20) => new(
        Fsid,
        new ImageInfo
        {
            Pool = "p", Namespace = name, Name = "i", Id = "10abc", Size = 8 << 20, Features = RbdFeatures.Layering, NeededFeatures = RbdFeatures.Layering,
            Parent = null, Snapshot = snapshot is null ? null : new ImageSnapshot(4, snapshot, 8 << 20), Lock = AttachLockState.Free("xen.attach"), ExclusiveLock = AttachLockState.Free("rbd_lock"),
        },
        RbdTarget.Parse("p/i" + options).Options, readOnly, () => sizeNow);

    /// <summary>Runs one of the script's functions outside of a test's run.</summary>
    public void Do(string command) =>
        Testing.Tool.Check("/bin/sh", "-c", $"set -- - none; . {Paths.Rbd}; {command}");

    public void Write(string path, string text)
    {
        string full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

using System.Globalization;
using System.Net.Sockets;
using System.Text;
using BlockRbd.Ceph.Targets;
using BlockRbd.Linux;
using BlockRbd.Xen;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Fuzz.Targets;

/// <summary>What block-rbd takes: targets, its configuration, xenstore's answers.</summary>
internal static class BlockRbdTarget
{
    private const int MaxInput = 8 << 10;

    /// <summary>A disk line's target.</summary>
    public static FuzzTarget Target { get; } = new("target", static input => UseTarget(Encoding.UTF8.GetString(input)), typeof(RbdTargetException))
    {
        MaxLength = MaxInput,
        Words = Words("rbd:|pool/|:|/|@|,|=|id=|conf=|cluster=|keyring=|map-options=|device-type=|access=|clone-from=|timeout=|adopt|krbd|nbd|exclusive|ro|rw"),
        Seeds = static () => Texts("rbd:rbd/vm1", "pool/ns/image@snap,id=xen,conf=/etc/ceph/a.conf", "rbd:vm1", "p:", "a/b,map-options=queue_depth=16,ro,timeout=5", "a/b,clone-from=c/d@e,adopt"),
    };

    /// <summary>The same in QEMU's spelling.</summary>
    public static FuzzTarget QemuTarget { get; } = new("qemu-target", static input => UseTarget("rbd:" + Encoding.UTF8.GetString(input)), typeof(RbdTargetException))
    {
        MaxLength = MaxInput,
        Words = Words(@"\:|\/|\@|\\|:id=|:conf=|:key=|:mon_host=|:keyring=|/|@|:"),
        Seeds = static () => Texts(@"pool/image:id=admin:conf=/etc/ceph/ceph.conf", @"p/n/i@s:mon_host=10.0.0.1\:6789\;10.0.0.2", @"a\/b/c\@d"),
    };

    /// <summary>block-rbd.conf.</summary>
    public static FuzzTarget Config { get; } = new("block-rbd-conf", static input => UseConfig(Encoding.UTF8.GetString(input)), typeof(RbdTargetException))
    {
        MaxLength = MaxInput,
        Words = Words("[defaults]|[pool rbd]|[pool |]|search-by-name = |same-machine = |yes|no|migrate|share|id = |conf = |timeout = |map-options = |#|;"),
        Seeds = static () => Texts("[defaults]\nid = xen\ntimeout = 30\n# a\n[pool rbd]\nsearch-by-name = no\nsame-machine = share\nmap-options = queue_depth=16\n"),
    };

    /// <summary>xenstore's client against a server that lies: an input is all that it ever says.</summary>
    public static FuzzTarget XenStore { get; } = new(
        "xenstore", UseXenStore, typeof(XenStoreException), typeof(AttachRequestException))
    {
        MaxLength = MaxInput,
        Words = Words("ENOENT|EACCES|EAGAIN|E2BIG|OK|/vm/|n0|r1|w"),
        Seeds = Conversations,
    };

    private static void UseTarget(string text)
    {
        RbdTarget target = RbdTarget.Parse(text);
        _ = target.Mode(xlAllowsWriting: true);
        if (target.Options.ClientSettings.Count == 0 && RbdTarget.Parse(target.Format()).Format() != target.Format())
        {
            throw new InvalidOperationException($"{target.Format()} isn't what its own text says"); // what is recorded must be what was asked for
        }
    }

    private static void UseConfig(string text)
    {
        BlockRbdConfig config = BlockRbdConfig.Parse("conf", text);
        _ = config.DefaultsFor("rbd").Format() + config.SearchesByName("rbd") + config.SharesSameMachine("rbd");
        RbdTarget.Parse("rbd/vm1").WithDefaults(config).Format();
    }

    /// <summary>The first byte says what is asked; the rest is what the server says, whatever is asked.</summary>
    private static void UseXenStore(byte[] input)
    {
        int[] ends = new int[2];
        if (input.Length == 0 || Libc.SocketPair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, ends) < 0)
        {
            return;
        }

        using XenStore store = new(new XenStoreConnection(new SafeFileHandle(ends[0], ownsHandle: true)), Deadline.After(TimeSpan.FromSeconds(1)));
        using Socket server = new(new SafeSocketHandle(ends[1], ownsHandle: true));
        server.Send(input.AsSpan(1));
        server.Shutdown(SocketShutdown.Send);
        XenbusPath path = XenbusPath.Parse("backend/vbd/3/51712");
        switch (input[0] % 4)
        {
            case 0:
                _ = AttachRequest.Read(store, path).Machine.ToString();
                break;
            case 1:
                HotplugAnswer.Connected(store, path, 252, 0, "/dev/rbd0");
                break;
            case 2:
                HotplugAnswer.Failed(store, path, "it failed");
                break;
            default:
                _ = store.Read("a");
                break;
        }
    }

    /// <summary>What an honest server says. Texts of a read are payloads; "OK" and numbers end with a NUL.</summary>
    private static IEnumerable<byte[]> Conversations()
    {
        yield return Conversation(
            0, (2, "0"), (2, "w"), (2, "3"), (2, "rbd:rbd/vm1"), (2, "xvda"), (2, "disk"), (2, "/local/domain/3/device/vbd/51712"), (2, "1"),
            (2, "/vm/11111111-2222-3333-4444-555555555555"), (2, "guest"));
        yield return Conversation(0, (2, "0"), (2, "r"), (2, "3"), (2, "p:"), (16, "ENOENT\0"), (16, "ENOENT\0"), (16, "EACCES\0"), (2, "0"), (16, "EACCES\0"));
        yield return Conversation(1, (6, "7\0"), (2, "3"), (11, "OK\0"), (11, "OK\0"), (11, "OK\0"), (2, "x"), (13, "OK\0"), (11, "OK\0"), (7, "OK\0"));
        yield return Conversation(2, (6, "7\0"), (2, "3"), (2, "x"), (13, "OK\0"), (16, "ENOENT\0"), (16, "ENOENT\0"), (11, "OK\0"), (11, "OK\0"), (16, "EAGAIN\0"));
        yield return Conversation(3, (1, "a\0bb\0"));
        yield return Conversation(3, (16, "E2BIG\0"), (22, "1\0a\0bb\0"), (22, "1\0ccc\0\0"));
        yield return Conversation(4, (3, "n0\0r3\0"));
    }

    private static byte[] Conversation(byte what, params (uint Type, string Payload)[] answers)
    {
        List<byte> bytes = [what];
        uint request = 0, transaction = 0;
        foreach ((uint type, string payload) in answers)
        {
            bytes.AddRange([.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(++request), .. BitConverter.GetBytes(transaction),
                .. BitConverter.GetBytes(payload.Length), .. Encoding.UTF8.GetBytes(payload)]);
            transaction = type == 6 ? uint.Parse(payload.TrimEnd('\0'), CultureInfo.InvariantCulture) : transaction;
        }

        return [.. bytes];
    }

    private static IEnumerable<byte[]> Texts(params string[] texts) => texts.Select(Encoding.UTF8.GetBytes);

    private static IReadOnlyList<byte[]> Words(string words) => [.. words.Split('|').Select(Encoding.UTF8.GetBytes)];
}

using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux.Confinement;

/// <summary>Landlock (linux/landlock.h, Documentation/userspace-api/landlock.rst): the calling thread, and all that it starts, opens nothing any more.</summary>
internal static class LandlockRules
{
    private const nint LANDLOCK_CREATE_RULESET_VERSION = 1;
    private const nint LANDLOCK_RULE_PATH_BENEATH = 1;
    private const ulong LANDLOCK_ACCESS_FS_EXECUTE = 1;
    private const ulong LANDLOCK_ACCESS_FS_READ_FILE = 1 << 2;
    private const ulong LANDLOCK_ACCESS_FS_READ_DIR = 1 << 3;
    private const int O_PATH = 0x20_0000;

    /// <summary>The kernel's ABI version; 0 where it has none, or it is off.</summary>
    public static int Version => (int)Math.Max(0, Libc.Syscall(Libc.SYS_landlock_create_ruleset, 0, 0, LANDLOCK_CREATE_RULESET_VERSION, 0));

    /// <summary>Puts it on. Needs no_new_privs or CAP_SYS_ADMIN.</summary>
    /// <param name="readable">Files and directories that may be read and run.</param>
    /// <returns>False where the kernel doesn't take it.</returns>
    public static bool Apply(IReadOnlyList<string> readable)
    {
        int version = Version;
        if (version == 0)
        {
            return false;
        }

        // struct landlock_ruleset_attr: handled_access_fs, handled_access_net (4), scoped (6); a shorter one is the older one
        ulong[] attributes = [HandledAccess(version), 3, 3]; // both of bind and connect; abstract unix sockets and signals
        nint size = version switch { < 4 => 8, < 6 => 16, _ => 24 };
        int descriptor = CreateRuleset(attributes, size);
        using SafeFileHandle rules = new(descriptor, ownsHandle: true);
        return descriptor >= 0 && readable.All(path => Allow(descriptor, path)) && Libc.Syscall(Libc.SYS_landlock_restrict_self, descriptor, 0, 0, 0) == 0;
    }

    // Versions 1, 2, 3 and 5 each know more: 13 kinds, then REFER, TRUNCATE and IOCTL_DEV.
    private static ulong HandledAccess(int version) => version switch { 1 => 0x1FFF, 2 => 0x3FFF, < 5 => 0x7FFF, _ => 0xFFFF };

    private static bool Allow(int rules, string path)
    {
        int descriptor = Libc.Open(path, O_PATH | Libc.O_CLOEXEC);
        using SafeFileHandle file = new(descriptor, ownsHandle: true);
        if (descriptor < 0)
        {
            return false;
        }

        // struct landlock_path_beneath_attr, packed: allowed_access of eight bytes, parent_fd of four
        ulong allowed = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | (Directory.Exists(path) ? LANDLOCK_ACCESS_FS_READ_DIR : 0);
        byte[] rule = new byte[12];
        BitConverter.TryWriteBytes(rule, allowed);
        BitConverter.TryWriteBytes(rule.AsSpan(8), descriptor);
        return AddRule(rules, rule);
    }

    private static unsafe int CreateRuleset(ReadOnlySpan<ulong> attributes, nint size)
    {
        fixed (ulong* first = attributes)
        {
            return (int)Libc.Syscall(Libc.SYS_landlock_create_ruleset, (nint)first, size, 0, 0);
        }
    }

    private static unsafe bool AddRule(int rules, ReadOnlySpan<byte> rule)
    {
        fixed (byte* first = rule)
        {
            return Libc.Syscall(Libc.SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, (nint)first, 0) == 0;
        }
    }
}

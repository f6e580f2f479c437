namespace BlockRbd.Mapper;

/// <summary>Every place of the host that the program uses. Only tests have others, through BLOCK_RBD_ variables.</summary>
public sealed record HostPaths
{
    /// <summary>Where the records of what is attached stand: on a tmpfs, gone after a boot.</summary>
    public string Run { get; init; } = "/run/block-rbd";

    /// <summary>The host's defaults.</summary>
    public string Configuration { get; init; } = Ceph.Targets.BlockRbdConfig.DefaultPath;

    /// <summary>The kernel's view of mapped images: bus/rbd and block below it.</summary>
    public string Sys { get; init; } = "/sys";

    /// <summary>Where devices are.</summary>
    public string Dev { get; init; } = "/dev";

    /// <summary>Where a device's holders are looked for.</summary>
    public string Proc { get; init; } = "/proc";

    /// <summary>The command that maps and unmaps.</summary>
    public string RbdCommand { get; init; } = "/usr/bin/rbd";

    /// <summary>A socket of syslog(3).</summary>
    public string SysLog { get; init; } = "/dev/log";

    /// <summary>This host's name, as other hosts know it.</summary>
    public string HostName { get; init; } = Environment.MachineName;

    /// <summary>The number of this boot.</summary>
    public string BootId { get; init; } = "";

    /// <summary>The name of a step at which the program kills itself, so that a test can see what is mended; null outside tests.</summary>
    public string? KillAt { get; init; }

    /// <summary>The host's own, with what a test put into the environment.</summary>
    public static HostPaths FromEnvironment()
    {
        HostPaths host = new();
        host = host with
        {
            Run = Variable("RUN") ?? host.Run,
            Configuration = Variable("CONF") ?? host.Configuration,
            Sys = Variable("SYS") ?? host.Sys,
            Dev = Variable("DEV") ?? host.Dev,
            RbdCommand = Variable("RBD") ?? host.RbdCommand,
            SysLog = Variable("SYSLOG") ?? host.SysLog,
            HostName = Variable("HOST") ?? host.HostName,
            KillAt = Variable("KILL_AT"),
        };
        return host with { BootId = Variable("BOOT_ID") ?? ReadBootId(host.Proc) };
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable("BLOCK_RBD_" + name) is { Length: > 0 } value ? value : null;

    // random(4): made anew by every boot.
    private static string ReadBootId(string proc)
    {
        string path = Path.Combine(proc, "sys", "kernel", "random", "boot_id");
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MapperException(ExitCode.Failed, $"{path}: {e.Message}", e);
        }
    }
}

namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>What the systemd-boot that is imitated is like.</summary>
public sealed record SystemdBootOptions
{
    /// <summary>Firmware's name of the machine (EFI_MACHINE_TYPE_NAME): entries for another <c>architecture</c> are left out.</summary>
    public string Architecture { get; init; } = "x64";

    /// <summary>Whether entries whose kernel isn't there are left out, as the loader does.</summary>
    public bool FilesMustExist { get; init; } = true;
}

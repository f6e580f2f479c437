namespace BlockRbd.BootConfig.Grub2;

/// <summary>Commands that GRUB has and this program hasn't, although what boots may hang on them: each fails and says so.</summary>
internal static class UnsupportedCommands
{
    private static readonly string[] Names =
    [
        "cryptomount", "plainmount", "uki", "cmp", "crc", "hashsum", "md5sum", "sha1sum", "sha256sum", "sha512sum", "file",
        "hwmatch", "xnu_uuid", "zfs-bootfs", "zfsinfo", "cmostest", "cmosset", "inb", "inl", "inw", "read_byte", "read_dword",
        "read_word", "getenv", "net_get_dhcp_option", "legacy_kernel", "legacy_initrd", "legacy_initrd_nounzip", "legacy_check_password",
        "blocklist", "testload", "testspeed",
    ];

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
    [
        .. Names.Select(static name => new KeyValuePair<string, GrubCommand>(
            name, static (machine, call) => machine.FailUnsupported(call, $"{call.Name} is not supported"))),
    ];
}

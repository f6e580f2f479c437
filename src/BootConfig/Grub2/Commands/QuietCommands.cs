namespace BlockRbd.BootConfig.Grub2;

/// <summary>Commands that change nothing about what boots: screens, fonts, sounds, keyboards, memory, networks.</summary>
internal static class QuietCommands
{
    // Names from command.lst of GRUB 2.06 to 2.14 for PCs, EFI and Xen: a name that isn't there may be a function of the guest's.
    private static readonly string[] Names =
    [
        "rmmod", "lsmod", "clear", "help", "hello", "sleep", "date", "gettext", "keymap", "play", "authenticate", "normal_exit",
        "terminal_input", "terminal_output", "terminfo", "serial", "loadfont", "lsfonts", "background_image", "background_color",
        "videoinfo", "videotest", "vbeinfo", "vbetest", "915resolution", "gfxmenu", "video",
        "legacy_password", "trust", "distrust", "list_trusted", "verify_detached", "rdmsr", "wrmsr",
        "cutmem", "badram", "acpi", "lsacpi", "lsapm", "lsmmap", "lspci", "setpci", "pcidump", "drivemap", "parttool", "gptsync",
        "hdparm", "usb", "nativedisk", "outb", "outl", "outw", "write_byte", "write_dword", "write_word", "dump", "hexdump",
        "devicetree", "fdtdump", "efitextmode", "loadbios", "fakebios", "fixvideo", "lssal", "lsefi", "lsefimmap", "lsefisystab",
        "backtrace", "gdbstub", "gdbstub_break", "gdbstub_stop", "macppcbless", "mactelbless", "sendkey", "cmosclean", "cmosdump",
        "net_add_addr", "net_add_dns", "net_add_route", "net_bootp", "net_bootp6", "net_del_addr", "net_del_dns", "net_del_route",
        "net_dhcp", "net_ipv6_autoconf", "net_ls_addr", "net_ls_cards", "net_ls_dns", "net_ls_routes", "net_nslookup",
        "kfreebsd_loadenv", "kfreebsd_module", "kfreebsd_module_elf", "knetbsd_module", "knetbsd_module_elf", "kopenbsd_ramdisk",
        "xnu_devprop_load", "xnu_kext", "xnu_kextdir", "xnu_mkext", "xnu_ramdisk", "xnu_splash", "zfskey", "xen_ls", "xen_cat",
        "efiemu_loadcore", "efiemu_prepare", "efiemu_unload", "tpm2_key_protector_init", "tpm2_key_protector_clear", "lsdev", "suspend",
        "hiddenentry", // SUSE's: reached by its hotkey alone, and not counted
    ];

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
        [.. Names.Select(static name => new KeyValuePair<string, GrubCommand>(name, static (_, _) => GrubError.None))];
}

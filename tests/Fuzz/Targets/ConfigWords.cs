using System.Text;

namespace BlockRbd.Fuzz.Targets;

/// <summary>What configurations are made of.</summary>
internal static class ConfigWords
{
    private static readonly Dictionary<string, string> All = new()
    {
        ["grub2"] = """
            menuentry|submenu|hiddenentry|function|if|elif|else|fi|then|while|until|for|in|do|done|return|break|continue|shift|setparams|source|configfile
            set|unset|export|echo|test|[|]|-f|-d|-s|-e|-n|-z|-eq|-ne|-lt|-gt|-o|-a|true|false|search|--set=root|--fs-uuid|--label|--file|--no-floppy|--hint=
            linux|linux16|linuxefi|initrd|initrd16|initrdefi|multiboot|multiboot2|module|module2|xen_hypervisor|xen_module|devicetree|chainloader|boot|halt
            load_env|save_env|insmod|regexp|--set=1:a|probe|--fs-uuid|blscfg|eval|extract_entries_source|legacy_configfile|syslinux_configfile|terminal_output
            default|fallback|timeout|timeout_style|saved_entry|next_entry|prefix|root|superusers|password|password_pbkdf2|--id|--class|--users|--hotkey|--unrestricted
            $root|${prefix}|$0|$1|$@|$*|$#|$?|{|}|;|;;|&&|'|"|\|*|?|[a-z]|(hd0,msdos1)|(hd0,gpt1)|/boot/vmlinuz|/boot/initrd.img|$"|#|\n|(\(|\)|\1|+1|0x10|tr|--|cat|ls
            """,
        ["grub-legacy"] = """
            default|timeout|fallback|hiddenmenu|title|root|rootnoverify|kernel|module|initrd|chainloader|makeactive|map|configfile|savedefault|saved|password|--md5|lock
            find|--set-root|uuid|unhide|hide|color|background|setkey|findiso|(hd0,0)|(hd0)|(nd)|/boot/vmlinuz|+1|=|\n|\|#|boot|reboot|halt|--no-mem-option|--type=linux
            """,
        ["bls"] = """
            title|version|machine-id|sort-key|linux|initrd|efi|options|devicetree|architecture|grub_hotkey|grub_users|grub_class|grub_arg|id|$kernelopts|$tuned_params|/vmlinuz
            \n|\t|#|+3|-1|~|^|..
            """,
        ["syslinux"] = """
            LABEL|KERNEL|LINUX|BOOT|INITRD|APPEND|FDT|FDTDIR|DEFAULT|UI|PROMPT|TIMEOUT|TOTALTIMEOUT|ONTIMEOUT|ONERROR|INCLUDE|CONFIG|SAY|DISPLAY|F1|IPAPPEND|SYSAPPEND|LOCALBOOT
            MENU|MENU LABEL|MENU TITLE|MENU DEFAULT|MENU BEGIN|MENU END|MENU GOTO|MENU EXIT|MENU HIDE|MENU INCLUDE|MENU SEPARATOR|MENU PASSWD|MENU MASTER PASSWD|TEXT HELP|ENDTEXT
            menu.c32|vesamenu.c32|mboot.c32|ifcpu64.c32|---|--|initrd=|mem=|vga=ask|quiet|+|/boot/vmlinuz|../|^|::|COM32|BSS|PXE|NOESCAPE|ALLOWOPTIONS|IMPLICIT
            """,
        ["systemd-boot"] = """
            title|version|machine-id|sort-key|linux|initrd|efi|uki|options|devicetree|devicetree-overlay|architecture|profile|default|timeout|editor|auto-entries|@saved|@current
            menu-force|menu-hidden|*|?|[a-z]|[!a]|"|'|\n|+3-1.conf|/loader/loader.conf|/loader/entries/b.conf|/EFI/Linux|tries-left|x64
            """,
        ["lilo"] = """
            image|other|label|alias|root|append|addappend|literal|initrd|read-only|read-write|default|boot|map|prompt|timeout|delay|password|restricted|mandatory|bypass|lock|vga
            optional|table|include|=|"|\|\n|#|ramdisk|relocatable|message|/boot/vmlinuz|hda1|LABEL=|UUID=|single-key|vmm|hypervisor
            """,
        ["unified-kernel"] = "MZ|PE|.linux|.initrd|.cmdline|.osrel|.uname|.profile|.ucode|.sbat|.dtb|.splash|.hwids|ID=|VERSION_ID=|PRETTY_NAME=|TITLE=",
    };

    public static IReadOnlyList<byte[]> Of(string target) =>
    [
        .. All[target].Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static word => Encoding.Latin1.GetBytes(word.Replace(@"\n", "\n", StringComparison.Ordinal).Replace(@"\t", "\t", StringComparison.Ordinal))),
        Encoding.Latin1.GetBytes("|"), Encoding.Latin1.GetBytes("\n@@@ /"), Encoding.Latin1.GetBytes(" "), Encoding.Latin1.GetBytes("\n"),
    ];
}

# As Debian has it: GPT, ext4, grub.cfg whose default is an entry of a submenu.
kernels boot
echo "marker of submenu" | put etc/marker
entry() { # TITLE ID NAME
    printf "menuentry '%s' --class debian \$menuentry_id_option '%s' {\n\tset root='hd0,gpt2'\n\tlinux /boot/vmlinuz-1 root=/dev/xvda2 ro console=hvc0 cryptomgr.notests entry=%s\n\tinitrd /boot/initrd-1\n}\n" "$@"
}
{
    printf 'if [ x"${feature_menuentry_id}" = xy ]; then\n  menuentry_id_option="--id"\nelse\n  menuentry_id_option=""\nfi\nexport menuentry_id_option\n'
    printf 'set default="gnulinux-advanced-x>gnulinux-1-recovery"\nset timeout=5\n'
    entry 'Debian' gnulinux-simple first
    echo "submenu 'Advanced options' \$menuentry_id_option 'gnulinux-advanced-x' {"
    entry 'Debian, with Linux 1' gnulinux-1-advanced advanced
    entry 'Debian, with Linux 1 (recovery mode)' gnulinux-1-recovery recovery
    echo "}"
} | put boot/grub/grub.cfg
ext4 root 40M
disk submenu 44M 'label: gpt
size=1M, type=21686148-6449-6E6F-744E-656564454649
size=40M, name=root'
part submenu 2 "$scratch/root.ext4"

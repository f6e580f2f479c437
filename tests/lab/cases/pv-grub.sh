# shows: PV-GRUB 2 boots by the menu.lst that menulst-gen wrote; the kernel that menulst-gen had warned of is the one that it can't unpack
#
# The guest has EXTLINUX's configuration only. Its /boot gets the menu.lst, and the grub.cfg of one line that Debian's PV-GRUB looks for.
for entry in lts virt; do
    cp --sparse=always "$built/guests/extlinux.img" "$work/$case.disk"
    "$top/out/menulst-gen" --loader grub2 --bits 64 --entry $entry "$work/$case.disk" > "$work/$case.menu.lst" 2> "$work/$case.warnings" || fail "menulst-gen: $(cat "$work/$case.warnings")"
    cat "$work/$case.menu.lst" "$work/$case.warnings"
    echo "legacy_configfile /grub/menu.lst" > "$work/$case.grub.cfg"
    printf 'mkdir grub\nwrite %s grub/grub.cfg\nwrite %s grub/menu.lst\n' "$work/$case.grub.cfg" "$work/$case.menu.lst" |
        debugfs -w -f /dev/stdin "$work/$case.disk?offset=1048576" > /dev/null 2>&1
    cluster rbd import --no-progress "$work/$case.disk" "rbd/$case-$entry"
done
grep -q 'vmlinuz-virt is packed with lz4' "$work/$case.warnings" || fail "no warning of the kernel that PV-GRUB can't unpack"
! grep 'vmlinuz-lts' "$work/$case.warnings" || fail "a warning of the kernel that it can unpack"
in_dom0 <<'DOM0'
# One after the other: PV-GRUB never sleeps, and both would share one emulated processor with dom0.
for entry in lts virt; do
    guest $entry 'kernel="/usr/lib/grub-xen/grub-x86_64-xen.bin"' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-$entry']"
    sed -i 's/^memory=.*/memory=256/' /root/$entry.cfg
done
create lts
says lts GUEST-DOWN 600
gone lts
console lts | expect "entry=lts"
console lts | expect "GUEST-FILE /dev/xvda2 marker of extlinux"
create virt
says virt "error: couldn't load file /boot/vmlinuz-virt" 600
! said virt GUEST-UP
xl destroy virt
DOM0
nothing_left

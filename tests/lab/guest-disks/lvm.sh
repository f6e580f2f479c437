# Two disks, lvm-a and lvm-b, each whole a physical volume of one group; the root volume, with XFS, is linear over both. GRUB's files and the kernel are on it, as on
# systems without a /boot of their own: the configuration says (lvm/vg-root).
#
# lvm writes its metadata without device-mapper; contents are put where lvs says that the extents are.
kernels boot
echo "marker of lvm" | put etc/marker
put boot/grub2/grub.cfg <<'CFG'
set timeout=5
insmod lvm
insmod xfs
set root='lvm/vg-root'
menuentry 'On LVM' {
  set root='lvm/vg-root'
  linux /boot/vmlinuz-1 root=/dev/mapper/vg-root ro console=hvc0 cryptomgr.notests entry=lvm
  initrd /boot/initrd-1
}
CFG
truncate -s 320M "$scratch/root.xfs"
"$tools/sid-mkfs.xfs" -q -f -L root -p "$tree" "$scratch/root.xfs" > /dev/null
devices=()
for name in lvm-a lvm-b; do
    rm -f "$out/$name.img"
    truncate -s 200M "$out/$name.img"
    loops+=("$(losetup --find --show "$out/$name.img")")
    devices+=("${loops[-1]}")
done
mkdir "$scratch/lock"
config="devices { scan=\"/dev\" use_devicesfile=0 filter=[\"a|^${devices[0]}\$|\",\"a|^${devices[1]}\$|\",\"r|.*|\"] } backup { backup=0 archive=0 }
    global { use_lvmpolld=0 locking_dir=\"$scratch/lock\" } activation { monitoring=0 }"
lvm() { LVM_SUPPRESS_FD_WARNINGS=1 "$tools/lvm" "$1" --driverloaded n --config "$config" "${@:2}" 2>> "$scratch/lvm.log" || { cat "$scratch/lvm.log" >&2; return 1; }; }
lvm pvcreate -f -y "${devices[@]}" > /dev/null
lvm vgcreate -s 4m vg "${devices[@]}" > /dev/null
lvm lvcreate -y -an -Zn -Wn -n root -L 320m vg > /dev/null
# "/dev/loop0:0-48 ...": extents of 4 MiB; the first stands at 1 MiB of each device
at=0
for range in $(lvm lvs --noheadings -o seg_pe_ranges vg/root); do
    first=${range#*:} count=$((${range#*-} - ${first%-*} + 1))
    dd if="$scratch/root.xfs" of="${range%%:*}" bs=1M skip=$((at * 4)) seek=$((${first%-*} * 4 + 1)) count=$((count * 4)) conv=notrunc,sparse status=none
    at=$((at + count))
done
[ $at = 80 ] || { echo "lvm put $at extents down instead of 80" >&2; exit 1; }
sync "${devices[@]}"

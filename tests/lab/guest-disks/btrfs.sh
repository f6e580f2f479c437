# As openSUSE has it: everything on one Btrfs whose default subvolume is a snapshot; grub.cfg, kernel and ramdisk are in that, and paths begin there.
kernels @/snapshot/boot
echo "marker of btrfs" | put @/snapshot/etc/marker
put @/snapshot/boot/grub2/grub.cfg <<'CFG'
set btrfs_relative_path="y"
export btrfs_relative_path
set timeout=8
menuentry 'openSUSE' --id snapshot {
  insmod btrfs
  search --no-floppy --fs-uuid --set=root 2b1d3e0a-7c41-4b52-9a3e-0d5a6b7c8d9e
  linux /boot/vmlinuz-1 root=/dev/xvda1 ro console=hvc0 cryptomgr.notests entry=snapshot
  initrd /boot/initrd-1
}
CFG
truncate -s 200M "$scratch/root.btrfs"
"$tools/sid-mkfs.btrfs" -q -U 2b1d3e0a-7c41-4b52-9a3e-0d5a6b7c8d9e --rootdir "$tree" --subvol @ --subvol default:@/snapshot "$scratch/root.btrfs"
disk btrfs 202M 'start=2048, type=83, bootable'
part btrfs 1 "$scratch/root.btrfs"

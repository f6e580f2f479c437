# MBR, ext4, Debian's newest kernel, which is packed with zstd. Our init has none of its modules, so it sees no disks.
"$top/fixtures/kernels/get-kernels"
new_tree
mkdir -p "$tree/boot"
cp "$top/artifacts/kernels/sid-cloud" "$tree/boot/vmlinuz-new"
cp "$out/initrd" "$tree/boot/initrd-new"
printf 'set timeout=0\nmenuentry New {\n linux /boot/vmlinuz-new root=/dev/xvda1 ro console=hvc0 cryptomgr.notests entry=zstd\n initrd /boot/initrd-new\n}\n' | put boot/grub/grub.cfg
ext4 root 60M
disk zstd 62M 'start=2048, size=122880, type=83, bootable'
part zstd 1 "$scratch/root.ext4"

# MBR, ext4, a plain grub.cfg and menu.lst: what every pygrub reads.
kernels boot
echo "marker of mini" | put etc/marker
put boot/grub/grub.cfg <<'CFG'
set default="0"
set timeout=0
menuentry 'Mini' --class debian {
	insmod part_msdos
	insmod ext2
	set root='hd0,msdos1'
	linux	/boot/vmlinuz-1 root=/dev/xvda1 ro console=hvc0 cryptomgr.notests entry=mini
	initrd	/boot/initrd-1
}
CFG
put boot/grub/menu.lst <<'CFG'
default 0
timeout 0
title Mini (menu.lst)
	root (hd0,0)
	kernel /boot/vmlinuz-1 root=/dev/xvda1 ro console=hvc0 cryptomgr.notests entry=menulst
	initrd /boot/initrd-1
CFG
ext4 root 40M -O ^metadata_csum_seed
disk mini 42M 'start=2048, size=81920, type=83, bootable'
part mini 1 "$scratch/root.ext4"

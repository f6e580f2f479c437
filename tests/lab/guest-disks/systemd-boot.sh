# GPT; loader.conf, entries and kernels on the EFI system partition (FAT32).
kernels debian/6.1
printf 'timeout 3\ndefault debian-*\nconsole-mode keep\n' | put loader/loader.conf
for number in 1 2; do
    put loader/entries/debian-6.1.$number.conf <<CFG
title Debian GNU/Linux
version 6.1.$number
sort-key debian
linux /debian/6.1/vmlinuz-1
initrd /debian/6.1/initrd-1
options root=/dev/xvda2 ro console=hvc0 cryptomgr.notests entry=sd$number
CFG
done
printf 'title Another\nlinux /debian/6.1/vmlinuz-1\noptions entry=other\n' | put loader/entries/zz-other.conf
truncate -s 66M "$scratch/esp.fat"
"$tools/mkfs.vfat" -F 32 -n ESP "$scratch/esp.fat" > /dev/null
"$tools/mcopy" -i "$scratch/esp.fat" -s "$tree"/* ::
new_tree
echo "marker of systemd-boot" | put etc/marker
ext4 root 8M
disk systemd-boot 76M 'label: gpt
size=66M, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
size=8M'
part systemd-boot 1 "$scratch/esp.fat"
part systemd-boot 2 "$scratch/root.ext4"

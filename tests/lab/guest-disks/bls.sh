# As Fedora has it: GPT, XFS on a /boot of its own, entries of the Boot Loader Specification, grubenv's default is the second one.
boot_uuid=5f1d3e0a-7c41-4b52-9a3e-0d5a6b7c8d9e
new_tree
kernels .
put grub2/grub.cfg <<'CFG'
set pager=1
if [ -f ${config_directory}/grubenv ]; then
  load_env -f ${config_directory}/grubenv
elif [ -s $prefix/grubenv ]; then
  load_env
fi
if [ "${next_entry}" ] ; then
   set default="${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
   set default="${saved_entry}"
fi
insmod part_gpt
insmod xfs
search --no-floppy --fs-uuid --set=root 5f1d3e0a-7c41-4b52-9a3e-0d5a6b7c8d9e
insmod blscfg
blscfg
CFG
for number in 1 2; do
    put loader/entries/0123456789abcdef0123456789abcdef-$number.conf <<CFG
title Fedora-like ($number)
version $number
linux /vmlinuz-1
initrd /initrd-1
options \$kernelopts entry=bls$number
grub_users \$grub_users
grub_class fedora
CFG
done
# Entries are listed with the newest first; the default is the older one.
{
    printf '# GRUB Environment Block\nsaved_entry=0123456789abcdef0123456789abcdef-1\nkernelopts=root=/dev/xvda3 ro console=hvc0 cryptomgr.notests\n'
    head -c 1024 /dev/zero | tr '\0' '#'
} | head -c 1024 | put grub2/grubenv
truncate -s 320M "$scratch/boot.xfs" > /dev/null
"$tools/sid-mkfs.xfs" -q -f -m uuid=$boot_uuid -L boot -p "$tree" "$scratch/boot.xfs" > /dev/null
new_tree
echo "marker of bls" | put etc/marker
ext4 root 8M
disk bls 332M 'label: gpt
size=1M, type=21686148-6449-6E6F-744E-656564454649
size=320M, name=boot
size=8M, name=root'
part bls 2 "$scratch/boot.xfs" > /dev/null
part bls 3 "$scratch/root.ext4"

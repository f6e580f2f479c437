# shows: a PV guest's kernel that is packed with zstd: unpacked where libxenguest is too old for it, handed over as it is where it isn't; the domain boots either way
guest_image root zstd
in_dom0 <<'DOM0'
guest vm 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-root']"
sed -i 's/^memory=.*/memory=256/' /root/vm.cfg
# what pygrub-rbd tells people is in the bootloader's log
notes() { cat /var/log/xen/bootloader.*.log; }
: > /var/log/xen/bootloader.0.log
rm -f /var/log/xen/bootloader.*.log
PYGRUB_RBD_LIBXENGUEST=4.14 create vm
ends vm
console vm | expect "entry=zstd"
notes | expect "unpacked"
nothing_left
rm -f /var/log/xen/bootloader.*.log
create vm
ends vm
console vm | expect "entry=zstd"
! notes | grep unpacked
DOM0
nothing_left

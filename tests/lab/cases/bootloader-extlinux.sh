# shows: pygrub-rbd boots a guest that EXTLINUX would boot, as Alpine installs it: extlinux.conf on a /boot of its own, a default that MENU DEFAULT gives
guest_image root extlinux
in_dom0 <<'DOM0'
guest vm 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-root']"
create vm
ends vm
console vm | expect "GUEST-CMDLINE root=/dev/xvda2 modules=ext4 quiet console=hvc0 cryptomgr.notests entry=virt"
console vm | expect "GUEST-FILE /dev/xvda2 marker of extlinux"
DOM0
nothing_left

# shows: pygrub-rbd boots a guest whose systemd-boot, entries and kernels are on the EFI system partition (FAT): a default by pattern, the newest that fits
guest_image root systemd-boot
in_dom0 <<'DOM0'
guest vm 'type="pvh"' 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-root']"
create vm
ends vm
console vm | expect "GUEST-CMDLINE root=/dev/xvda2 ro console=hvc0 cryptomgr.notests entry=sd2"
console vm | expect "GUEST-FILE /dev/xvda2 marker of systemd-boot"
DOM0
nothing_left

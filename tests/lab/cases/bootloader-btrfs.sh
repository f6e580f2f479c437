# shows: pygrub-rbd boots a guest on Btrfs whose default subvolume is a snapshot, as openSUSE has it, by paths that begin there
guest_image root btrfs
in_dom0 <<'DOM0'
guest vm 'type="pvh"' 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-root']"
create vm
ends vm
console vm | expect "GUEST-CMDLINE root=/dev/xvda1 ro console=hvc0 cryptomgr.notests entry=snapshot"
DOM0
nothing_left

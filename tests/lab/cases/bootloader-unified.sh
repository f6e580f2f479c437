# shows: pygrub-rbd boots a unified kernel image: kernel, initrd and command line come out of the one EFI program
guest_image root unified
in_dom0 <<'DOM0'
guest vm 'type="pvh"' 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-root']"
create vm
ends vm
console vm | expect "GUEST-CMDLINE root=/dev/xvda2 ro console=hvc0 cryptomgr.notests entry=unified"
console vm | expect "GUEST-FILE /dev/xvda2 marker of unified"
DOM0
nothing_left

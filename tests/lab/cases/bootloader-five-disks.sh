# shows: pygrub-rbd and five RBD disks: the default entry of a submenu boots, and the guest has each disk under its own name
guest_image root submenu
for disk in b c d e; do data_image "$disk" "disk-$disk"; done
in_dom0 <<'DOM0'
guest vm 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' "disk=[
    'script=block-rbd,vdev=xvda,target=rbd:$case-root', 'script=block-rbd,vdev=xvdb,target=rbd/$case-b', 'script=block-rbd,vdev=xvdc,target=rbd/$case-c',
    'script=block-rbd,vdev=xvdd,target=rbd/$case-d', 'script=block-rbd,vdev=xvde,target=rbd/$case-e']"
create vm
ends vm
console vm | expect "entry=recovery"
console vm | expect "GUEST-FILE /dev/xvda2 marker of submenu"
for disk in b c d e; do console vm | expect "GUEST-DISK xvd$disk sectors=32768 ro=0 head=disk-$disk"; done
DOM0
nothing_left

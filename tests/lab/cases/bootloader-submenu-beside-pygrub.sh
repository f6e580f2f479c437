# shows: where the default is an entry of a submenu, the distribution's pygrub boots another entry without a word; pygrub-rbd boots the default, as PVH
guest_image root submenu
in_dom0 <<'DOM0'
guest vm 'bootloader="pygrub"' 'bootloader_args=["-q"]' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-root']"
create vm
ends vm
console vm | expect "entry=first"
nothing_left

guest vm 'type="pvh"' 'bootloader="pygrub-rbd"' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-root']"
create vm
ends vm
console vm | expect "entry=recovery"
DOM0
nothing_left

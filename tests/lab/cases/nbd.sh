# shows: device-type=nbd: the image is attached through rbd-nbd, boots, and is let go of
guest_image root submenu
in_dom0 <<'DOM0'
modprobe nbd
guest vm 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-root,device-type=nbd']"
create vm
block-rbd status
ends vm
console vm | expect "GUEST-FILE /dev/xvda2 marker of submenu"
until_true 60 eval '[ -z "$(left)" ]'
[ "$(cat /sys/block/nbd0/size)" = 0 ]
DOM0
nothing_left

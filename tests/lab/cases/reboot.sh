# shows: a reboot from within the guest: its disks are let go of and attached again, and the bootloader runs again
guest_image root mini
in_dom0 <<'DOM0'
guest vm 'bootloader="pygrub-rbd"' 'bootloader_args=["-q", "--args=root=/dev/xvda1 console=hvc0 cryptomgr.notests do=again:xvda"]' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-root']"
create vm
first=$(xl domid vm)
says vm GUEST-REBOOT
says vm GUEST-AGAIN
ends vm
grep -c "is attached as" /var/log/syslog
DOM0
[ "$(image_sector root 9)" = rebooted ] || fail "the disk does not remember"
nothing_left

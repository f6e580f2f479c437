# shows: pygrub-rbd boots a guest with GPT, XFS on a /boot of its own and BLS entries, whose default is not the first; the distribution's pygrub can't
guest_image root bls
in_dom0 <<'DOM0'
guest vm 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-root']"
create vm
ends vm
console vm | expect "GUEST-CMDLINE root=/dev/xvda3 ro console=hvc0 cryptomgr.notests entry=bls1"
console vm | expect "GUEST-FILE /dev/xvda3 marker of bls"
nothing_left

sed -i 's/pygrub-rbd/pygrub/' /root/vm.cfg
refused vm
grep -h -e Error -e Couldn /var/log/xen/bootloader.*.log
DOM0
nothing_left

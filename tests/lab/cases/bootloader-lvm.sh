# shows: pygrub-rbd boots a guest whose root is XFS on an LVM volume over two disks, both RBD images
guest_image a lvm-a
guest_image b lvm-b
in_dom0 <<'DOM0'
# libxl attaches the first to dom0 for the bootloader; the other is read from the cluster.
guest vm 'type="pvh"' 'bootloader="pygrub-rbd"' "bootloader_args=['-q', '--disk=rbd/$case-b']" \
    "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-a','script=block-rbd,vdev=xvdb,target=rbd:$case-b']"
create vm
ends vm
console vm | expect "GUEST-CMDLINE root=/dev/mapper/vg-root ro console=hvc0 cryptomgr.notests entry=lvm"
DOM0
nothing_left

# shows: guests on ext4, XFS and Btrfs that were killed right after a new kernel was installed boot that one, as their own kernels would read it from the log
kinds="ext4 xfs btrfs"
for kind in $kinds; do guest_image $kind crashed-$kind; done
in_dom0 <<'DOM0'
for kind in ext4 xfs btrfs; do
    guest $kind 'type="pvh"' 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-$kind']"
    create $kind
    ends $kind
    console $kind | expect "GUEST-CMDLINE root=/dev/xvda ro console=hvc0 cryptomgr.notests entry=new"
done
DOM0
nothing_left

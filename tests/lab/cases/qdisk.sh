# shows: a qdisk (backendtype=qdisk,target=rbd:...) with bootloader="pygrub-rbd": kernel, ramdisk and arguments come straight from the cluster, and nothing is mapped
#
# The disk itself is QEMU's affair, and ends here: Debian's QEMU for Xen is built without its rbd driver, and every QEMU since 4.0 takes only files and
# block devices for a qdisk. The case holds QEMU to that sentence, so that it fails, and grows, with a QEMU that can.
guest_image root bls
in_dom0 <<'DOM0'
guest vm 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' \
    "disk=['format=raw,vdev=xvda,backendtype=qdisk,target=rbd:rbd/$case-root:conf=/etc/ceph/ceph.conf:id=xen']"
create vm
[ -z "$(mappings)" ]
says vm "GUEST-CMDLINE root=/dev/xvda3 ro console=hvc0 cryptomgr.notests entry=bls1"
expect "Could not stat file 'rbd:rbd/$case-root" < /var/log/xen/qemu-dm-vm.log
xl destroy vm
DOM0
nothing_left

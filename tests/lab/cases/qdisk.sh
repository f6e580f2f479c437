# shows: a qdisk (QEMU itself opens target=rbd:...) with bootloader="pygrub-rbd": the kernel comes straight from the cluster, and nothing is mapped
guest_image root bls
in_dom0 <<'DOM0'
guest vm 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' \
    "disk=['format=raw,vdev=xvda,backendtype=qdisk,target=rbd:rbd/$case-root:conf=/etc/ceph/ceph.conf:id=xen']"
create vm
[ -z "$(mappings)" ]
ends vm
console vm | expect "entry=bls1"
console vm | expect "GUEST-FILE /dev/xvda3 marker of bls"
DOM0
nothing_left

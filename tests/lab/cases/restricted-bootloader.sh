# shows: with LIBXL_BOOTLOADER_RESTRICT libxl gives the bootloader a user of its own (--runas): pygrub-rbd reads the guest as that user
guest_image root bls
in_dom0 <<'DOM0'
# The users of libxl: this one's number plus the domain's.
getent passwd xen-qemuuser-range-base > /dev/null || echo 'xen-qemuuser-range-base:x:65536:65536::/nonexistent:/bin/false' >> /etc/passwd
cat > /root/restricted <<'SH'
#!/bin/bash
echo "$@" > /root/bootloader.args
exec pygrub-rbd "$@"
SH
chmod 755 /root/restricted
guest vm 'bootloader="/root/restricted"' 'bootloader_args=["-q"]' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-root']"
LIBXL_BOOTLOADER_RESTRICT=1 create vm
cat /root/bootloader.args
expect "--runas=" < /root/bootloader.args
ends vm
console vm | expect "GUEST-FILE /dev/xvda3 marker of bls"
DOM0
nothing_left

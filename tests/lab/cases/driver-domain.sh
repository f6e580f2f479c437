# shows: a driver domain with the cluster's network serves the disk (backend=): xl devd runs block-rbd there, dom0 maps nothing, and its lock names that domain
guest_image root mini
in_dom0 <<'DOM0'
modprobe xen-netback
tar -c -C /lab -f /root/driver.tar install ceph dom0
guest storage 'kernel="/vmlinuz"' 'ramdisk="/root/driver-initrd"' "cmdline=\"console=hvc0 quiet net.ifnames=0 cryptomgr.notests lab.driver lab.host=$host\"" 'driver_domain=1' \
    "disk=['phy:/dev/vdb,xvda,w', 'file:/root/driver.tar,xvdb,r']" "vif=['bridge=br0']"
sed -i 's/^memory=.*/memory=256/; s#"/vmlinuz"#"'"$(ls /boot/vmlinuz-* | grep -v cloud)"'"#' /root/storage.cfg
create storage
says storage DRIVER-UP 240
direct vm "do=write:xvda:through-the-driver,hold:2" "script=block-rbd,vdev=xvda,backend=storage,target=rbd:$case-root"
create vm
says vm GUEST-WROTE
[ -z "$(mappings)" ]
block-rbd locks rbd | tee /root/locks
expect "$case-root" < /root/locks
expect "driver" < /root/locks
ends vm
console vm | expect "GUEST-FILE /dev/xvda1 marker of mini"
console storage | expect "DRIVER-MAPPED 1 records=1"
until_true 60 eval '[ "$(console storage | grep DRIVER-MAPPED | tail -n 1)" = "DRIVER-MAPPED 0 records=0" ]' || { console storage | tail -n 20; exit 1; }
xl destroy storage
rm /root/driver.tar
DOM0
[ "$(image_sector root 8)" = through-the-driver ] || fail "the guest's block did not reach the cluster"
nothing_left

# shows: access=ro and a snapshot: the guest's kernel sees both as read-only, the mappings are read-only, and writes don't reach the cluster
guest_image root mini
data_image data "data"
data_image other "before"
cluster rbd snap create --no-progress "rbd/$case-other@then"
write_head other "after"
in_dom0 <<'DOM0'
direct vm "do=write:xvdb:no,write:xvdc:no,hold:8" "script=block-rbd,vdev=xvda,target=rbd:$case-root" \
    "script=block-rbd,vdev=xvdb,access=ro,target=rbd:$case-data" "script=block-rbd,vdev=xvdc,access=ro,target=rbd/$case-other@then"
create vm
says vm GUEST-HOLD
for device in /sys/bus/rbd/devices/*; do echo "mapped $(cat $device/name)@$(cat $device/current_snap) ro=$(cat /sys/block/rbd${device##*/}/ro)"; done > /root/mapped
cat /root/mapped
expect "mapped $case-root@- ro=0" < /root/mapped
expect "mapped $case-data@- ro=1" < /root/mapped
expect "mapped $case-other@then ro=1" < /root/mapped
ends vm
console vm | expect "GUEST-DISK xvdb sectors=32768 ro=1 head=data"
console vm | expect "GUEST-DISK xvdc sectors=32768 ro=1 head=before"
console vm | expect "GUEST-REFUSED xvdb"
console vm | expect "GUEST-REFUSED xvdc"
DOM0
[ -z "$(image_sector data 8)" ] || fail "something was written to $case-data"
[ -z "$(image_sector other 8)" ] || fail "something was written to $case-other"
nothing_left
in_dom0 <<'DOM0'
direct vm "" "script=block-rbd,vdev=xvda,access=rw,target=rbd/$case-other@then"
refused vm | expect "$case-other@then"
DOM0
nothing_left

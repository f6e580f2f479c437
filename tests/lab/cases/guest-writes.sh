# shows: what a guest writes is what the cluster has
guest_image root mini
data_image data
in_dom0 <<'DOM0'
direct vm "do=count:xvdb:60,write:xvdb:done" "script=block-rbd,vdev=xvda,access=ro,target=rbd:$case-root" "script=block-rbd,vdev=xvdb,target=rbd:$case-data"
create vm
ends vm
console vm | expect "GUEST-COUNTED 60"
DOM0
nothing_left
for number in $(seq 0 59); do echo "number $number"; done > "$work/$case.expected"
image_sector data 16 60 | cmp "$work/$case.expected" - || fail "the cluster has other numbers than the guest wrote"
[ "$(image_sector data 8)" = "done" ] || fail "the last block is missing"

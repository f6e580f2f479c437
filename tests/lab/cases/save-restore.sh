# shows: xl save lets go of the image, xl restore attaches it again, and the guest goes on writing where it was
guest_image root mini
data_image data
in_dom0 <<'DOM0'
direct vm "do=count:xvdb:200" "script=block-rbd,vdev=xvda,access=ro,target=rbd:$case-root" "script=block-rbd,vdev=xvdb,target=rbd:$case-data"
create vm
says vm "GUEST-COUNT 20"
xl save vm /root/vm.saved > /root/vm.save 2>&1
nothing_left
xl -vvv restore /root/vm.saved > /root/vm.xl 2>&1
says vm "GUEST-COUNTED 200" 240
ends vm
! console vm | grep GUEST-LOST
rm /root/vm.saved
DOM0
nothing_left
for number in $(seq 0 199); do echo "number $number"; done > "$work/$case.expected"
image_sector data 16 200 | cmp "$work/$case.expected" - || fail "the cluster has other numbers than the guest wrote"

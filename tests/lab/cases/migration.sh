# shows: a live migration between two hosts while the guest writes: both hosts have the image for its length, no byte is lost, and the lock goes with the guest
# hosts: 2
#
# A PVH guest: Debian's Xen is built without shadow page tables, and without these nobody can follow what a PV guest writes to its memory.
guest_image root mini
data_image data
on 2 <<< 'setsid socat TCP-LISTEN:8002,reuseaddr EXEC:"xl migrate-receive" > /root/receive.xl 2>&1 < /dev/null & echo $! > /root/receive.pid'
on 1 <<'DOM0'
direct vm "do=count:xvdb:600:0.1" "script=block-rbd,vdev=xvda,access=ro,target=rbd:$case-root" "script=block-rbd,vdev=xvdb,target=rbd:$case-data"
echo 'type="pvh"' >> /root/vm.cfg
create vm
says vm "GUEST-COUNT 20\\b"
xl -vvv migrate -s '' vm 'socat - TCP:10.99.0.3:8002' > /root/vm.xl 2>&1 || { grep -v debug: /root/vm.xl; exit 1; }
! running vm
console vm | grep COUNT | tail -n 1
nothing_left
DOM0
lockers data > "$work/$case.lockers"
cat "$work/$case.lockers"
[ "$(wc -l < "$work/$case.lockers")" = 1 ] || fail "after the migration one host should have the lock"
grep -q host2 "$work/$case.lockers" || fail "host 2 has no lock"
on 2 <<'DOM0'
# The console's log keeps the name that the domain had while it came in.
says vm--incoming "GUEST-COUNTED 600" 300
! console vm--incoming | grep GUEST-LOST
gone vm
DOM0
nothing_left 1 2
for number in $(seq 0 599); do echo "number $number"; done > "$work/$case.expected"
image_sector data 16 600 | cmp "$work/$case.expected" - || fail "the cluster has other numbers than the guest wrote"

# shows: a host whose power fails: its lock keeps others out until a person fences it with unlock --fence; after its own boot it takes its image back
# hosts: 2
guest_image root mini
guest_image second mini
on 1 <<'DOM0'
direct vm "do=hold:600" "script=block-rbd,vdev=xvda,target=rbd:$case-root" "script=block-rbd,vdev=xvdb,target=rbd:$case-second"
create vm
says vm GUEST-HOLD
DOM0
kill_host 1
on 2 <<'DOM0'
direct other "" "script=block-rbd,vdev=xvda,target=rbd:$case-root"
refused other | expect "host1"
! block-rbd unlock rbd/$case-root > /root/said 2>&1 || { echo "unlocked although the dead host is still watching"; exit 1; }
cat /root/said
expect "--fence" < /root/said
block-rbd unlock rbd/$case-root --fence
create other
ends other
DOM0
start_host 1
wait_host 1
on 1 <<'DOM0'
block-rbd recover
direct vm "" "script=block-rbd,vdev=xvda,target=rbd:$case-root" "script=block-rbd,vdev=xvdb,target=rbd:$case-second"
create vm
ends vm
DOM0
nothing_left 1 2

# shows: two hosts, one image: the second is refused while the first has it, with the first's name, and gets it after the first's xl destroy
# hosts: 2
guest_image root mini
on 1 <<'DOM0'
direct vm "do=hold:600" "script=block-rbd,vdev=xvda,target=rbd:$case-root"
create vm
says vm GUEST-HOLD
DOM0
on 2 <<'DOM0'
direct other "" "script=block-rbd,vdev=xvda,target=rbd:$case-root"
refused other > /root/said
cat /root/said
expect "host1" < /root/said
[ -z "$(left)" ] || { left; exit 1; }
# The same machine, by a configuration file that was copied: no migration is coming in, so it is a second writer like any other.
direct vm "" "script=block-rbd,vdev=xvda,target=rbd:$case-root"
refused vm | expect "host1"
DOM0
on 1 <<< 'xl destroy vm; nothing_left'
on 2 <<'DOM0'
create other
ends other
console other | expect "GUEST-FILE /dev/xvda1 marker of mini"
DOM0
nothing_left 1 2

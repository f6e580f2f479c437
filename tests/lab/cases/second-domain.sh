# shows: a second domain for the same image is refused with a sentence that xl shows, and gets it with w! or when the first has gone; readers share
guest_image root mini
data_image data "shared"
in_dom0 <<'DOM0'
direct one "do=hold:120" "script=block-rbd,vdev=xvda,target=rbd:$case-root"
direct two "" "script=block-rbd,vdev=xvda,target=rbd:$case-root"
create one
says one GUEST-HOLD
refused two > /root/said
cat /root/said
expect "$case-root" < /root/said
expect "one" < /root/said
expect "host$host" < /root/said
[ "$(mappings | wc -l)" = 1 ]

direct two "" "script=block-rbd,vdev=xvda,target=rbd:$case-root,access=w!"
create two
ends two
console two | expect "GUEST-FILE /dev/xvda1 marker of mini"
grep -q "w!" /var/log/syslog

direct two "" "script=block-rbd,vdev=xvda,access=ro,target=rbd:$case-root"
refused two | expect "one"
xl destroy one
until_true 60 eval '[ -z "$(left)" ]'
direct one "do=hold:60" "script=block-rbd,vdev=xvda,access=ro,target=rbd:$case-root"
create one
says one GUEST-HOLD
create two
ends two
xl destroy one
DOM0
nothing_left

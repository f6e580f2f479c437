# shows: a PV guest with kernel= and one RBD disk boots, sees its disk, and leaves nothing behind
guest_image root mini
in_dom0 <<'DOM0'
direct vm "from=kernel" "script=block-rbd,vdev=xvda,target=rbd:$case-root"
create vm
ends vm
console vm | expect "GUEST-CMDLINE console=hvc0 cryptomgr.notests from=kernel"
console vm | expect "GUEST-DISK xvda sectors=86016 ro=0"
console vm | expect "GUEST-FILE /dev/xvda1 marker of mini"
DOM0
nothing_left

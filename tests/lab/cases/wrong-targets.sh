# shows: a missing image, a missing pool, a wrong key and a user without caps: one clear sentence each, soon, and nothing is left, also not where the bootloader's attach fails
guest_image root mini
printf '[client.xen]\nkey = AQBjXGdlAAAAABAAm4v9OyKqtU0yXr0v7nH0Tw==\n' > "$work/host$host/case/wrong.keyring"
printf '[client.xen]\nkey = AQBnone\n' > "$work/host$host/case/none.keyring"
in_dom0 <<'DOM0'
cp /lab/case/{wrong,none}.keyring /etc/ceph/
try() { # WHAT TARGET SENTENCE
    local begun=$(cut -d. -f1 /proc/uptime)
    direct vm "" "script=block-rbd,vdev=xvda,target=$2"
    refused vm > /root/said
    echo "$1: $(grep -o 'block-rbd.*\|script: .*' /root/said | head -n 1)"
    expect "$3" < /root/said
    [ $(($(cut -d. -f1 /proc/uptime) - begun)) -lt 40 ]
    [ -z "$(left)" ] || { left; exit 1; }
}
try "missing image" "rbd:nosuch" "nosuch"
try "missing pool" "nopool/$case-root" "nopool"
try "wrong key" "rbd/$case-root,id=xen,keyring=/etc/ceph/wrong.keyring" "client.xen"
try "no key" "rbd/$case-root,id=xen,keyring=/etc/ceph/none.keyring" "client.xen"
try "no caps" "rbd/$case-root,id=nocaps" "client.nocaps"
try "read-only caps" "rbd/$case-root,id=reader" "client.reader"
try "odd target" "rbd/$case-root,nonsense=1" "nonsense"

guest vm 'bootloader="pygrub-rbd"' "disk=['script=block-rbd,vdev=xvda,target=rbd:nosuch']"
refused vm | expect "nosuch"
# libxl leaves its own nodes of a failed attach for the bootloader: nobody calls remove for it.
xenstore-rm /local/domain/0/backend/vbd/0 2> /dev/null || true
xenstore-rm /local/domain/0/device/vbd 2> /dev/null || true
DOM0
nothing_left

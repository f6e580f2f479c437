# shows: monitors frozen, gone, and an OSD frozen: add ends in time with the reason; nothing is left once the cluster is back
own_cluster
fault rbd import --no-progress "$built/guests/mini.img" rbd/root
try() { # SENTENCE
    { printf 'sentence=%q\n' "$1"; cat <<'DOM0'; } | in_dom0
begun=$(cut -d. -f1 /proc/uptime)
direct vm "" "script=block-rbd,vdev=xvda,target=rbd/root,conf=/etc/ceph/fault.conf"
refused vm > /root/said
grep -o 'script: .*' /root/said | head -n 1
expect "$sentence" < /root/said
took=$(($(cut -d. -f1 /proc/uptime) - begun))
echo "after $took s"
[ $took -lt 75 ] # add, and the remove that libxl calls after it
[ -z "$(mappings)" ]
DOM0
}
signal_daemon STOP mon
try "answer"
signal_daemon CONT mon
in_dom0 <<< 'nothing_left'
signal_daemon STOP osd
try "root"
signal_daemon CONT osd
in_dom0 <<< 'block-rbd recover; nothing_left'
kill "$(cat "$fault_home/run/mon.pid")"
sleep 1
try "monitor"
in_dom0 <<< 'nothing_left'

# shows: a script that libxl kills after its 40 s (told to be more patient than libxl, on a frozen cluster): remove and recover leave nothing of it
own_cluster
fault rbd import --no-progress "$built/guests/mini.img" rbd/root
signal_daemon STOP osd
in_dom0 <<'DOM0'
direct vm "" "script=block-rbd,vdev=xvda,target=rbd/root,conf=/etc/ceph/fault.conf,timeout=300"
refused vm > /root/said
cat /root/said
expect "because of timeout" < /root/said
DOM0
signal_daemon CONT osd
in_dom0 <<< 'sleep 2; block-rbd recover; nothing_left'
unlocked fault root

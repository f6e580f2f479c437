# shows: an OSD that freezes under a running guest: its remove says in time what it can't do, and once the cluster answers, recover lets go of all
own_cluster
fault rbd import --no-progress "$built/guests/mini.img" rbd/root
in_dom0 <<'DOM0'
direct vm "do=hold:600" "script=block-rbd,vdev=xvda,target=rbd/root,conf=/etc/ceph/fault.conf"
create vm
says vm GUEST-HOLD
DOM0
signal_daemon STOP osd
in_dom0 <<'DOM0'
timeout 120 xl destroy vm > /root/said 2>&1 || true
cat /root/said
until_true 60 eval '[ -z "$(pgrep -f "block-rbd remove" || true)" ]'
grep -h -a "vm xvda" /var/log/syslog | tail -n 3
DOM0
signal_daemon CONT osd
in_dom0 <<< 'sleep 2; block-rbd recover; nothing_left'
unlocked fault root

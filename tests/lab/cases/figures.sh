# shows: what one boot costs, in guest seconds: our script and bootloader beside the first script and the distribution's pygrub
guest_image root mini
in_dom0 <<'DOM0'
export FIRST_PATH=$PATH FIRST_DEV=/dev
for which in block-rbd first-block-rbd pygrub-rbd pygrub; do
    case $which in *block-rbd) path=/etc/xen/scripts/timed-$which program=/etc/xen/scripts/$which ;; *) path=/root/timed-$which program=$(PATH=$PATH:/usr/lib/xen-4.17/bin command -v $which) ;; esac
    cat > $path <<SH
#!/bin/bash
read begun rest < /proc/uptime
$program "\$@"
code=\$?
read ended rest < /proc/uptime
echo "$which \$begun \$ended \$1" >> /root/times
exit \$code
SH
    chmod 755 $path
done
boot() { # SCRIPT BOOTLOADER
    rm -f /root/times
    guest vm "bootloader=\"/root/timed-$2\"" 'bootloader_args=["-q"]' "disk=['script=timed-$1,vdev=xvda,target=rbd:$case-root']"
    local begun ended
    read begun rest < /proc/uptime
    create vm
    read ended rest < /proc/uptime
    ends vm
    until_true 60 eval '[ -z "$(left)" ]'
    awk -v script=$1 -v bootloader=$2 -v total=$(echo "$begun $ended" | awk '{ print $2 - $1 }') '
        $1 == script && $4 == "add" { add += $3 - $2; adds++ } $1 == script && $4 == "remove" { remove += $3 - $2; removes++ } $1 == bootloader { boot += $3 - $2 }
        END { printf "FIGURES %s: add %.2f s each, remove %.2f s each; %s: %.2f s; xl create in all %.1f s, of which these are %.0f %%\n", script, add / adds, remove / removes, bootloader, boot, total, 100 * (add + boot + remove / removes) / total }' /root/times
}
boot block-rbd pygrub-rbd
boot first-block-rbd pygrub
DOM0
nothing_left

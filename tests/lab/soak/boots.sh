# shows: a hundred boots in a row of a small PV guest with a bootloader and three RBD disks: none fails, and nothing accumulates
boots=${SOAK_BOOTS:-100}
guest_image root mini
data_image b
data_image c
echo "boots=$boots" > "$work/host$host/case/boots"
in_dom0 20000 <<'DOM0'
source /lab/case/boots
guest vm 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' "disk=[
    'script=block-rbd,vdev=xvda,target=rbd:$case-root', 'script=block-rbd,vdev=xvdb,target=rbd:$case-b', 'script=block-rbd,vdev=xvdc,access=ro,target=rbd:$case-c']"
descriptors() { ls "/proc/$(pidof "$1")/fd" | wc -l; }
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$(pidof "$1")/status"; }
# counts: what a boot must leave as it was
counts() {
    echo "mappings $(mappings | wc -l), nodes $(xenstore-ls -f | wc -l), files $(find /run /tmp /var/lib/xen /etc/xen -xdev | wc -l)," \
        "processes $(ps -eo ppid= | awk '$1 != 2' | wc -l), descriptors of oxenstored $(descriptors oxenstored) and xenconsoled $(descriptors xenconsoled)"
}
# memory: KiB that are free once what can be had back is, and what Xen's daemons hold
memory() {
    sync
    echo 3 > /proc/sys/vm/drop_caches
    echo "available $(awk '/^MemAvailable/ { print $2 }' /proc/meminfo) KiB, oxenstored $(resident oxenstored) KiB, xenconsoled $(resident xenconsoled) KiB, slab $(awk '/^SUnreclaim/ { print $2 }' /proc/meminfo) KiB"
}
boot() {
    create vm || { echo "boot $1 failed"; exit 1; }
    ends vm
    console vm | expect "entry=mini"
    nothing_left
    rm -f /var/log/xen/*.log # one more for each domain: a person's to keep
}
boot 0 # what is made once is made now
before=$(counts)
echo "SOAK before: $before; $(memory)"
begun=$SECONDS
for ((number = 1; number <= boots; number++)); do
    boot $number
    if [ $((number % 10)) = 0 ]; then echo "SOAK after $number: $(counts); $(memory); $((SECONDS - begun)) s" | tee -a /lab/case/soak; fi
done
after=$(counts)
[ "$after" = "$before" ] || { echo "it was: $before"; echo "it is: $after"; exit 1; }
DOM0
nothing_left

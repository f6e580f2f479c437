# shows: the first block-rbd beside ours: it lets two domains write one image and maps access=ro for writing, ours does neither
guest_image root mini
data_image data
in_dom0 <<'DOM0'
export FIRST_PATH=$PATH FIRST_DEV=/dev
both() { # SCRIPT
    direct one "do=hold:40" "script=$1,vdev=xvda,target=rbd:$case-root" "script=$1,vdev=xvdb,access=ro,target=rbd:$case-data"
    direct two "" "script=$1,vdev=xvda,target=rbd:$case-root"
    create one
    for device in /sys/bus/rbd/devices/*; do echo "$1: $(cat $device/name) ro=$(cat /sys/block/rbd${device##*/}/ro)"; done
    if create two > /root/two.said; then echo "$1: both write"; else echo "$1: refused"; fi
    for domain in one two; do if running $domain; then xl destroy $domain; fi; done
    until_true 60 eval '[ -z "$(mappings)" ]' || { echo "$1: left mapped: $(mappings | wc -l)"; rbd device list; }
}
both first-block-rbd | tee /root/first
expect "first-block-rbd: $case-data ro=0" < /root/first
expect "first-block-rbd: both write" < /root/first
clean > /dev/null 2>&1
both block-rbd | tee /root/ours
expect "block-rbd: $case-data ro=1" < /root/ours
expect "block-rbd: refused" < /root/ours
DOM0
nothing_left

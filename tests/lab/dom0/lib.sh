# What a case's commands in dom0 may use. Read by init before each of them.
set -euo pipefail
consoles=/var/log/xen/console

# pause SECONDS: without a process; in an emulated dom0 these are what waiting costs, and the guests run on the same processor
exec 8<> <(:)
pause() { read -r -t "$1" -u 8 || true; }

# until_true SECONDS COMMAND...: waits for it, in guest seconds
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        pause 0.3
    done
}

# guest NAME LINE...: writes NAME.cfg, a small PV guest that is gone when it powers off, with LINEs of its own
guest() {
    local name=$1
    shift
    {
        printf 'name="%s"\nuuid="%s"\nmemory=128\non_crash="destroy"\non_poweroff="destroy"\n' "$name" "$(uuid_of "$name")"
        printf '%s\n' "$@"
    } > "/root/$name.cfg"
}

# direct NAME ARGUMENTS DISK...: the same with kernel= and these disks; ARGUMENTS go to the guest's init
direct() {
    local disks
    disks=$(printf "'%s', " "${@:3}")
    guest "$1" 'kernel="/root/vmlinuz"' 'ramdisk="/root/initrd"' "cmdline=\"console=hvc0 cryptomgr.notests $2\"" "disk=[ ${disks%, } ]"
}

# uuid_of NAME: the same for a name on every host
uuid_of() { md5sum <<< "$1" | sed 's/\(.\{8\}\)\(.\{4\}\)\(.\{4\}\)\(.\{4\}\)\(.\{12\}\).*/\1-\2-\3-\4-\5/'; }

# create NAME [ARGUMENT...]: xl create; what xl says is in NAME.xl and, where it fails, printed
create() {
    local name=$1
    shift
    rm -f "$consoles/guest-$name.log"
    timeout 240 xl -vvv create "/root/$name.cfg" "$@" > "/root/$name.xl" 2>&1 || {
        local code=$?
        grep -v -e ': debug:' -e ': detail:' -e '^xc: ' "/root/$name.xl" || true
        return $code
    }
}

# refused NAME: xl create must fail; prints the sentences that xl shows a person
refused() {
    ! create "$1" || { echo "the domain was built"; return 1; }
}

console() { cat "$consoles/guest-$1.log" 2> /dev/null | tr -d '\r' || true; }
# said NAME PATTERN: in one of the console's lines, which end with a carriage return
said() { grep -q -e "$2" "$consoles/guest-$1.log" 2> /dev/null; }

# says NAME PATTERN [SECONDS]: the guest's console must show it
says() {
    until_true "${3:-120}" said "$1" "$2" && return 0
    echo "guest $1 never said '$2'; its console:"
    console "$1" | tail -n 40
    return 1
}

running() { xl domid "$1" > /dev/null 2>&1; }
stopped() { ! running "$1"; }

# gone NAME [SECONDS]: the domain must end by itself
gone() { until_true "${2:-180}" stopped "$1" || { echo "domain $1 does not end"; xl list; console "$1" | tail -n 30; return 1; }; }

# ends NAME: it must come up, say that it goes down, and be gone
ends() {
    says "$1" '^GUEST-DOWN' 240
    gone "$1"
}

# expect TEXT in the standard input
expect() {
    local text
    text=$(cat)
    case $text in *"$1"*) ;; *) echo "'$1' is not in:"; tail -n 40 <<< "$text"; return 1 ;; esac
}

mappings() { ls /sys/bus/rbd/devices; }
backends() { xenstore-ls -f /local/domain/0/backend 2> /dev/null | grep -c '/vbd/[0-9]*/[0-9]* = ' || true; }

# left: what cases must not leave; nothing where all is well
left() {
    local what
    xl list | awk 'NR > 1 && $2 != 0 { print "domain " $1 }'
    for what in /sys/bus/rbd/devices/*; do [ ! -e "$what" ] || echo "mapping $(cat "$what/pool")/$(cat "$what/name")@$(cat "$what/current_snap") as rbd${what##*/}"; done
    for what in /run/block-rbd/*; do case $what in '/run/block-rbd/*' | *.lock) ;; *) echo "record $what" ;; esac; done
    xenstore-ls -f /local/domain/0/backend 2> /dev/null | grep '/vbd/[0-9]*/[0-9]*/params' | sed 's/^/node /' || true
    # Children of process 2 are the kernel's own.
    ps -eo ppid=,pid=,args= | awk '$1 != 2 && $3 ~ /(^|\/)(block-rbd|pygrub|pygrub-rbd|rbd|rbd-nbd|xen-qemu.*|qemu.*)$/ { $1 = "process"; print }'
    for what in /var/lib/xen/bootloader.* /run/xen/bootloader.*; do [ ! -e "$what" ] || echo "file $what"; done
}

# nothing_left: waits for libxl's background process, which detaches after a domain's end
nothing_left() {
    until_true 60 eval '[ -z "$(left)" ]' || { echo "left behind:"; left; return 1; }
}

# clean: after a failed case, by force
clean() {
    local domain device
    for domain in $(xl list | awk 'NR > 1 && $2 != 0 { print $2 }'); do timeout 60 xl destroy "$domain" || true; done
    sleep 2
    ps -eo ppid=,pid=,args= | awk '$1 != 2 && $3 ~ /(^|\/)rbd$/ { print $2 }' | xargs -r kill -KILL || true
    timeout 60 block-rbd recover || true
    xenstore-rm /local/domain/0/backend/vbd 2> /dev/null || true
    xenstore-rm /local/domain/0/device/vbd 2> /dev/null || true
    timeout 60 block-rbd recover || true
    for device in /sys/bus/rbd/devices/*; do [ ! -e "$device" ] || timeout 20 rbd device unmap "/dev/rbd${device##*/}" || true; done
}

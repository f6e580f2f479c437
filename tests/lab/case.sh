# What a case may use besides hosts.sh. A case runs outside of the hosts, in a process of its own; `host` is the one that it has been given (cases
# for two hosts have 1 and 2), `case` its name. dom0/lib.sh is what its commands inside a dom0 may use.
source "$(dirname "${BASH_SOURCE[0]}")/hosts.sh"
set -euo pipefail
lab_tools=$("$top/fixtures/tools/get-lab")
CEPH_ROOT=$("$top/fixtures/tools/get-ceph")
export CEPH_ROOT
case=${LAB_CASE:?}
host=${LAB_HOST:?}

# in_dom0 [SECONDS]: on the case's own host
in_dom0() { on "$host" "$@"; }

# fail SENTENCE
fail() { echo "FAILED: $*"; exit 1; }

# guest_image NAME GUEST: rbd/CASE-NAME with the disk of one of the guests that build-guests made
guest_image() { cluster rbd import --no-progress "$built/guests/$2.img" "rbd/$case-$1"; }

# data_image NAME [TEXT]: rbd/CASE-NAME, 16 MiB, that begins with TEXT
data_image() {
    printf '%s' "${2:-}" > "$work/$case.data"
    truncate -s 16M "$work/$case.data"
    cluster rbd import --no-progress "$work/$case.data" "rbd/$case-$1"
}

# write_head NAME TEXT: by a client of the cluster that knows of no attach
write_head() {
    printf '%-512s' "$2" > "$work/$case.head"
    truncate -s 16M "$work/$case.head"
    cluster qemu-img convert -n -f raw -O raw "$work/$case.head" "rbd:rbd/$case-$1:conf=$work/ceph/ceph.conf"
}

image_id() { cluster rbd info --format json "rbd/$case-$1" | sed 's/.*"id":"\([^"]*\)".*/\1/'; }

# image_sector NAME SECTOR [COUNT]: what the cluster has there
image_sector() {
    rm -f "$work/$case.export"
    cluster rbd export --no-progress "rbd/$case-$1" "$work/$case.export"
    dd if="$work/$case.export" bs=512 skip="$2" count="${3:-1}" status=none | tr -d '\0'
}

# lockers NAME: who holds the attach lock, a description a line
lockers() { cluster rados -p rbd lock info "rbd_header.$(image_id "$1")" xen.attach 2> /dev/null | grep -o '"description":"[^"]*"' || true; }

# unlocked CLUSTER IMAGE: nobody holds the attach lock of rbd/IMAGE. CLUSTER is cluster, or fault for the case's own one
unlocked() {
    local id info
    id=$("$1" rbd info --format json "rbd/$2" | sed 's/.*"id":"\([^"]*\)".*/\1/')
    info=$("$1" rados -p rbd lock info "rbd_header.$id" xen.attach 2> /dev/null || true)
    case $info in '' | *'"lockers":[]'*) ;; *) fail "a lock is left on $2: $info" ;; esac
}

# nothing_left [HOST...]: no domain, mapping, record, node, process or file on the hosts, and no lock or watcher on the case's images
nothing_left() {
    local one image
    for one in ${@:-$host}; do on "$one" 600 <<< nothing_left; done
    for image in $(cluster rbd ls rbd | grep "^$case-"); do
        unlocked cluster "$image"
        case $(cluster rbd status --format json "rbd/$image") in *'"watchers":[]'*) ;; *) fail "a watcher is left on $image: $(cluster rbd status "rbd/$image")" ;; esac
    done
}

# own_cluster: one for this case alone, to be broken: `fault CEPH-COMMAND...` talks to it; dom0 has its ceph.conf as /etc/ceph/fault.conf
own_cluster() {
    fault_home=$work/fault$host
    CEPH_BIND=10.99.0.1 ip netns exec "$space" "$top/fixtures/ceph/ceph-up" "$fault_home" rbd
    awk '/^\[client/ { exit } /^(fsid|mon host|auth)/ || /^\[global\]/' "$fault_home/ceph.conf" > "$work/host$host/case/fault.conf"
    echo "keyring = /etc/ceph/fault.keyring" >> "$work/host$host/case/fault.conf"
    cp "$fault_home/keyring" "$work/host$host/case/fault.keyring"
    in_dom0 <<< 'cp /lab/case/fault.* /etc/ceph/'
}
fault() { (. "$fault_home/env" && exec ip netns exec "$space" "$@"); }
# signal_daemon SIGNAL mon|osd: of the case's own cluster
signal_daemon() { kill "-$1" "$(cat "$fault_home/run/$2.pid")"; }
end_own_cluster() {
    [ -n "${fault_home:-}" ] && [ -d "$fault_home" ] || return 0
    signal_daemon CONT osd 2> /dev/null || true
    signal_daemon CONT mon 2> /dev/null || true
    ip netns exec "$space" "$top/fixtures/ceph/ceph-down" "$fault_home" --purge || true
}

finish_case() {
    local status=$? image
    trap '' INT TERM HUP
    set +e
    end_own_cluster
    if [ $status = 0 ]; then
        rm -f "$work/$case."*
        for image in $(cluster rbd ls rbd 2> /dev/null | grep "^$case-" | sort -r); do
            cluster rbd snap purge --no-progress "rbd/$image" > /dev/null 2>&1
            cluster rbd rm --no-progress "rbd/$image" > /dev/null 2>&1
        done
    fi
    exit $status
}
trap finish_case EXIT
trap 'exit 130' INT TERM HUP

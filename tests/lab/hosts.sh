# The lab's network, cluster and hosts. Read by run and shell; everything that is started here is ended by lab_down, which they trap.
#
# A network namespace of its own holds a bridge (10.99.0.1) with a real Ceph cluster, and each host's dom0 at 10.99.0.(N+1). Nothing in it
# reaches anything else. Names and folders are new for each run: labs of two checkouts don't meet.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin
built=$top/artifacts/lab
# Sockets' paths must be short.
work=${LAB_WORK:-$(mktemp -d /tmp/xenlab-XXXXXX)}
space=${LAB_SPACE:-${work##*/}}
export LAB_WORK=$work LAB_SPACE=$space

# cluster COMMAND...: one of Ceph's programs, as client.admin, from inside the network
cluster() { (. "$work/ceph/env" && exec ip netns exec "$space" "$@"); }

lab_build() {
    "$here/build-dom0" && "$here/build-guests" && "$top/build/native"
    rm -rf "$built/package"
    "$top/build/package-deb" "$built/package" > /dev/null
    lab_tools=$("$top/fixtures/tools/get-lab")
    CEPH_ROOT=$("$top/fixtures/tools/get-ceph")
    export CEPH_ROOT
}

lab_up() {
    local tap
    ip netns add "$space"
    ip -n "$space" link set lo up
    ip -n "$space" link add br0 type bridge
    ip -n "$space" addr add 10.99.0.1/24 dev br0
    ip -n "$space" link set br0 up
    for tap in 1 2; do
        ip -n "$space" tuntap add dev "tap$tap" mode tap
        ip -n "$space" link set "tap$tap" master br0 up
    done
    CEPH_BIND=10.99.0.1 ip netns exec "$space" "$top/fixtures/ceph/ceph-up" "$work/ceph" rbd other
}

lab_down() {
    local host
    for host in 1 2; do kill_host "$host"; done
    [ ! -d "$work/ceph" ] || ip netns exec "$space" "$top/fixtures/ceph/ceph-down" "$work/ceph" || true
    ip netns del "$space" 2> /dev/null || true
    rm -rf "$work"
}

# ceph_files FOLDER: what a dom0 has in /etc/ceph
ceph_files() {
    mkdir -p "$1"
    # Of the cluster's own configuration only what a client needs.
    awk '/^\[client/ { exit } /^(fsid|mon host|auth)/ || /^\[global\]/' "$work/ceph/ceph.conf" > "$1/ceph.conf"
    cp "$work/ceph/keyring" "$1/ceph.client.admin.keyring"
    cp "$work/ceph"/ceph.client.*.keyring "$1/"
}

# start_host N: a host, with a share of its own, in the background. Its second disk is the same again, for a driver domain.
start_host() {
    local host=$1 share=$work/host$1
    rm -rf "$share"
    mkdir -p "$share"/{q,out,case}
    cp -r "$here/dom0" "$built/guests" "$share/"
    rm -f "$share"/guests/*.img
    cp "$built/initrd" "$share/guests/driver-initrd"
    mkdir -p "$share/install"
    cp "$built"/package/block-rbd_*.deb "$share/install/block-rbd.deb"
    cp "$top/bench/first-block-rbd" "$share/install/"
    ceph_files "$share/ceph"
    # icount: guest time follows the instructions that were executed, so libxl's 40 s do not depend on how busy this machine is.
    # Left out of the processor: XSAVE and AVX (dom0's processes die at random with them once another domain runs), RDTSCP (PVH guests
    # die of it), SMAP (QEMU's iretq in ring 3 faults wrongly under it, and dom0 with that).
    ip netns exec "$space" "$lab_tools/qemu-system-x86_64" \
        -accel tcg,thread=single -icount shift=${LAB_SHIFT:-2},sleep=on -cpu max,-smap,-xsave,-avx,-avx2,-fma,-f16c,-pku,-rdtscp -smp 1 -m 2048 -machine pc \
        -display none -monitor none -no-reboot -serial "file:$share/console.log" \
        -netdev "tap,id=n0,ifname=tap$host,script=no,downscript=no" -device "virtio-net-pci,netdev=n0,romfile=,mac=52:54:00:99:00:0$host" \
        -kernel "$built/xen" \
        -append "console=com1 com1=115200,8n1 dom0_mem=1300M,max:1300M dom0_max_vcpus=1 noreboot loglvl=warning guest_loglvl=warning" \
        -initrd "$built/vmlinuz console=hvc0 quiet mitigations=off random.trust_cpu=on net.ifnames=0 lab.host=$host,$built/initrd" \
        -drive "file=$built/dom0.ext4,format=raw,if=virtio,snapshot=on,cache=unsafe" \
        -drive "file=$built/dom0.ext4,format=raw,if=virtio,snapshot=on,cache=unsafe" \
        -virtfs "local,path=$share,mount_tag=lab,security_model=none,multidevs=remap" \
        < /dev/null > "$share/qemu.log" 2>&1 9>&- &
    echo $! > "$work/host$host.pid"
    # lab_down ends it; bash need not tell of it.
    disown
}

host_lives() { [ -e "$work/host$1.pid" ] && kill -0 "$(cat "$work/host$1.pid")" 2> /dev/null; }

# wait_host N: until its dom0 takes commands
wait_host() {
    local tries=0
    until [ -e "$work/host$1/out/ready" ]; do
        if ! host_lives "$1" || [ $tries -ge 1200 ]; then
            echo "host $1 did not start; its console:" >&2
            tail -n 30 "$work/host$1/console.log" >&2
            cat "$work/host$1/qemu.log" >&2
            return 1
        fi
        sleep 0.5
        tries=$((tries + 1))
    done
    echo "host $1 is up after $((tries / 2)) s, $(cut -d. -f1 "$work/host$1/out/ready") s of its own"
}

# kill_host N: the power is gone
kill_host() {
    local pid tries=0
    pid=$(cat "$work/host$1.pid" 2> /dev/null) || return 0
    # The number may be another process's by now.
    if [ "$(cat "/proc/$pid/comm" 2> /dev/null)" = qemu-system-x86 ]; then
        kill -KILL "$pid"
        while [ -d "/proc/$pid" ] && ! grep -q '^State:.[ZX]' "/proc/$pid/status" 2> /dev/null && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
    fi
    rm -f "$work/host$1.pid"
}

# on N [SECONDS]: standard input is run in the dom0 of host N, with dom0/lib.sh and the case's name as $case and N as $host; prints what it prints, ends as it ends
on() {
    local host=$1 limit=${2:-1500} share=$work/host$1 name code tries=0
    name=c$(cat "$work/next$host" 2> /dev/null || echo 0)
    echo "$((${name#c} + 1))" > "$work/next$host"
    { echo "case=${LAB_CASE:-} host=$host"; cat; } > "$share/.part"
    mv "$share/.part" "$share/q/$name.sh"
    until [ -e "$share/out/$name.rc" ]; do
        if ! host_lives "$host" || [ $tries -ge $((limit * 10)) ]; then
            cat "$share/out/$name.log" 2> /dev/null || true
            echo "host $host: no answer within $limit s"
            return 124
        fi
        sleep 0.1
        tries=$((tries + 1))
    done
    cat "$share/out/$name.log"
    code=$(cat "$share/out/$name.rc")
    return "$code"
}

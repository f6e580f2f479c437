# What dom0's init and a driver domain's have in common: a machine without systemd.

# base NAME: mounts, devices, names
base() {
    mount -t tmpfs -o mode=755 tmpfs /run
    mkdir -p /run/lock /run/shm /run/xen /run/xenstored /dev/pts /dev/shm /var/log/xen/console /var/lib/xenstored
    mount -t tmpfs tmpfs /tmp
    mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
    mount -t tmpfs tmpfs /dev/shm
    mount -t xenfs xenfs /proc/xen
    # systemd would make these; without /dev/stdin the locking.sh of Xen's own scripts spins for ever.
    ln -sfn /proc/self/fd /dev/fd
    ln -sfn /proc/self/fd/0 /dev/stdin
    ln -sfn /proc/self/fd/1 /dev/stdout
    ln -sfn /proc/self/fd/2 /dev/stderr
    hostname "$1"
    md5sum <<< "$1" | cut -c1-32 > /etc/machine-id
    ip link set lo up
    /lib/systemd/systemd-udevd --daemon 2> /dev/null
    udevadm trigger --action=add --subsystem-match=block --subsystem-match=misc --subsystem-match=mem 2> /dev/null
    # The log of the programs: what would go to syslog.
    socat -u UNIX-RECV:/dev/log,mode=666 OPEN:/var/log/syslog,creat,append &
}

# network ADDRESS DEVICE
network() {
    local try
    for try in 1 2 3 4 5 6 7 8 9 10; do [ -e "/sys/class/net/$2" ] && break; sleep 0.2; done
    ip addr add "$1" dev "$2"
    ip link set "$2" up
}

# programs: those under test, from their Debian package, and what they need
programs() {
    dpkg --install --force-unsafe-io /lab/install/block-rbd.deb > /var/log/install.log 2>&1 || cat /var/log/install.log
    install -m 755 /lab/install/first-block-rbd /etc/xen/scripts/first-block-rbd
    mkdir -p /etc/ceph
    cp /lab/ceph/* /etc/ceph/
    modprobe rbd
}

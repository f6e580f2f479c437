# The disks that are measured, a line each: name, what is on it (a folder below artifacts/bench), and the ways that can be gone with it: "mount" where
# Linux kernels in general can mount it. Read by run; make-disks makes them.

# Debian's pygrub reads neither today's XFS nor what comes after it; kernels of today have no XFS of version 4.
disks_measured='
ext4          files  rbd pygrub mount list
xfs           files  rbd mount list
xfs-v4        files  rbd pygrub list
device        files  rbd list
ext4-large    large  rbd
btrfs         files  rbd mount list
btrfs-zstd    packed rbd mount
lvm           files  rbd
fat           files  rbd mount
exfat         files  rbd mount
iso9660       files  rbd mount
squashfs      files  rbd mount
squashfs-gzip packed rbd mount
squashfs-xz   packed rbd mount
squashfs-zstd packed rbd mount
'

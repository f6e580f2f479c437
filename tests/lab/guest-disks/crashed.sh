# Guests that were killed right after they had installed a new kernel, as package managers do: files written and synced, renamed over the old ones, and no time for the
# filesystem to bring its log home. crashed-ext4, crashed-xfs, crashed-btrfs: grub.cfg's entry is "new" for who reads the log, and "old" for who doesn't.
config() { printf "set timeout=5\nmenuentry '%s' {\n linux /boot/vmlinuz-%s root=/dev/xvda ro console=hvc0 cryptomgr.notests entry=%s\n initrd /boot/initrd-%s\n}\n" "$1" "$1" "$1" "$1"; }
for kind in ext4 xfs btrfs; do
    image=$scratch/$kind.img
    truncate -s 320M "$image"
    case $kind in
        ext4) mke2fs -q -F -t ext4 "$image" ;;
        xfs) "$tools/sid-mkfs.xfs" -q "$image" ;;
        btrfs) "$tools/sid-mkfs.btrfs" -q "$image" ;;
    esac
    mkdir -p "$scratch/mnt"
    loops+=("$(losetup --find --show "$image")")
    mount "${loops[-1]}" "$scratch/mnt"
    mkdir -p "$scratch/mnt/boot/grub" "$scratch/mnt/etc"
    echo "marker of crashed $kind" > "$scratch/mnt/etc/marker"
    cp "$out/vmlinuz" "$scratch/mnt/boot/vmlinuz-old"
    cp "$out/initrd" "$scratch/mnt/boot/initrd-old"
    config old > "$scratch/mnt/boot/grub/grub.cfg"
    umount "$scratch/mnt"
    mount -o noatime "${loops[-1]}" "$scratch/mnt"
    (
        cd "$scratch/mnt/boot"
        for file in vmlinuz initrd; do
            cp "$out/$file" "$file-new.part"
            sync "$file-new.part"
            mv "$file-new.part" "$file-new"
        done
        config new > grub/grub.cfg.new
        sync grub/grub.cfg.new
        mv grub/grub.cfg.new grub/grub.cfg
        rm vmlinuz-old initrd-old
        sync grub . grub/grub.cfg
    )
    # The power is gone now: what has reached the disk is what there is.
    cp --sparse=always "$image" "$out/crashed-$kind.img"
    umount "$scratch/mnt"
done

# shows: disks that were made to hurt (a script without an end, a partition table that leads in circles, noise) fail their own
# domains in bounded time, each with its sentence, while another domain boots beside them
guest_image root mini
# Its menu.lst goes too: it would be taken instead, with a warning.
cp "$built/guests/mini.img" "$work/$case.hostile"
printf 'while true; do\n set a=$a$a$a\n menuentry "$a" {\n  linux /boot/vmlinuz-1\n }\ndone\n' > "$work/$case.cfg"
printf 'cd boot/grub\nrm grub.cfg\nrm menu.lst\nwrite %s grub.cfg\n' "$work/$case.cfg" | debugfs -w -f /dev/stdin "$work/$case.hostile?offset=1048576" > /dev/null 2>&1
cluster rbd import --no-progress "$work/$case.hostile" "rbd/$case-endless"
# An extended partition whose next is itself.
truncate -s 8M "$work/$case.circle"
printf 'start=2048, size=8192, type=5\n' | "$top/artifacts/tools/bin/sfdisk" -q --label dos "$work/$case.circle"
printf '\0\0\0\0\x83\0\0\0\0\x08\0\0\0\x08\0\0\0\0\0\0\x05\0\0\0\0\0\0\0\0\x20\0\0' | dd of="$work/$case.circle" bs=1 seek=$((2048 * 512 + 446)) conv=notrunc status=none
printf '\x55\xaa' | dd of="$work/$case.circle" bs=1 seek=$((2048 * 512 + 510)) conv=notrunc status=none
cluster rbd import --no-progress "$work/$case.circle" "rbd/$case-circle"
head -c 8M /dev/urandom > "$work/$case.noise"
cluster rbd import --no-progress "$work/$case.noise" "rbd/$case-noise"
in_dom0 <<'DOM0'
direct beside "do=hold:600" "script=block-rbd,vdev=xvda,target=rbd/$case-root"
create beside &
for kind in endless circle noise; do
    guest $kind 'bootloader="pygrub-rbd"' 'bootloader_args=["-q"]' "disk=['script=block-rbd,vdev=xvda,target=rbd/$case-$kind']"
    begun=$SECONDS
    refused $kind
    [ $((SECONDS - begun)) -lt 60 ] || { echo "$kind took $((SECONDS - begun)) s"; exit 1; }
    echo "$kind: $((SECONDS - begun)) s"
done
cat /var/log/xen/bootloader.*.log
grep -h -a -c RuntimeError /var/log/xen/bootloader.*.log | awk '{ n += $1 } END { if (n < 3) exit 1 }'
wait
says beside GUEST-HOLD
xl destroy beside
DOM0
nothing_left

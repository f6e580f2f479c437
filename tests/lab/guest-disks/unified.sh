# GPT and one unified kernel image in an extended boot loader partition.
systemd=$("$top/fixtures/tools/get-systemd")
new_tree
mkdir -p "$tree/EFI/Linux"
printf 'NAME=Test\nID=test\nPRETTY_NAME="Test Linux"\nVERSION_ID=7\n' > "$scratch/osrel"
"$systemd/bin/ukify" build --stub="$systemd/usr/lib/systemd/boot/efi/linuxx64.efi.stub" --linux="$out/vmlinuz" --initrd="$out/initrd" \
    --cmdline='root=/dev/xvda2 ro console=hvc0 cryptomgr.notests entry=unified' --os-release=@"$scratch/osrel" --uname=6.1.0 --output="$tree/EFI/Linux/test.efi" > /dev/null 2>&1
ext4 boot 40M
new_tree
echo "marker of unified" | put etc/marker
ext4 root 8M
disk unified 50M 'label: gpt
size=40M, type=BC13C2FF-59E6-4262-A352-B275FD6F7172
size=8M'
part unified 1 "$scratch/boot.ext4"
part unified 2 "$scratch/root.ext4"

# shows: the menu of xl create -c, over libxl's pty without a size: another entry chosen by keys, its arguments edited, and the guest boots with them
guest_image root submenu
cp "$top/tests/Programs.Tests/Menu/on-a-pty.py" "$work/host$host/case/"
in_dom0 <<'DOM0'
guest vm 'bootloader="pygrub-rbd"' "disk=['script=block-rbd,vdev=xvda,target=rbd:$case-root']"
rm -f "$consoles/guest-vm.log"
# The default is in the submenu, which is marked; the entry above it is taken, and a word is added to what it says.
cat > /root/steps <<'STEPS'
wait Advanced options
type k
type a
wait entry=first
type  typed=1\r
wait GUEST-DOWN
STEPS
python3 /lab/case/on-a-pty.py /root/steps /usr/sbin/xl create -c /root/vm.cfg > /root/seen
tail -n 1 /root/seen | expect "exit 0"
gone vm
console vm | expect "entry=first typed=1"
console vm | expect "GUEST-FILE /dev/xvda2 marker of submenu"
DOM0
nothing_left

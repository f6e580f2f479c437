# shows: clone-from= makes the image when a domain first uses it; the second start finds what the first one wrote
guest_image base mini
cluster rbd snap create --no-progress "rbd/$case-base@v1"
in_dom0 <<'DOM0'
direct vm "do=write:xvda:first-run" "script=block-rbd,vdev=xvda,target=rbd/$case-made,clone-from=$case-base@v1"
create vm
ends vm
console vm | expect "GUEST-WROTE xvda first-run"
console vm | expect "GUEST-FILE /dev/xvda1 marker of mini"
nothing_left
sed -i 's/do=write:xvda:first-run/do=read:xvda/' /root/vm.cfg
create vm
ends vm
console vm | expect "GUEST-READ xvda first-run"
DOM0
cluster rbd info --format json "rbd/$case-made" | grep -q "\"image\":\"$case-base\"" || fail "it is no clone of $case-base"
[ -z "$(image_sector base 8)" ] || fail "the parent was written"
nothing_left
cluster rbd rm --no-progress "rbd/$case-made"

# shows: twenty times block-attach and block-detach on a running guest, with nothing of it left each time
guest_image root mini
data_image data "come-and-go"
in_dom0 <<'DOM0'
direct vm "do=watch:600" "script=block-rbd,vdev=xvda,target=rbd:$case-root"
create vm
says vm "GUEST-NEW xvda"
for round in $(seq 20); do
    xl block-attach vm "script=block-rbd,vdev=xvdb,target=rbd:$case-data"
    until_true 30 eval '[ "$(console vm | grep -c "GUEST-NEW xvdb come-and-go")" = $round ]' || { echo "round $round: the guest does not see it"; exit 1; }
    [ "$(mappings | wc -l)" = 2 ]
    xl block-detach vm xvdb
    until_true 30 eval '[ "$(mappings | wc -l)" = 1 ]' || { echo "round $round: it stays mapped"; mappings; exit 1; }
    until_true 30 eval '[ "$(console vm | grep -c "GUEST-LESS xvdb")" = $round ]'
done
xl destroy vm
DOM0
nothing_left

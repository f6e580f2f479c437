# The ways that are compared. Read by run.

# image DISK: the file or device that holds it.
image() { if [ "$1" = device ]; then echo "$loop"; else echo "$disks/$1.img"; fi; }

# names: of all disks.
names() { awk '{print $1}' <<< "$disks_measured"; }

# payload DISK: the folder of what is on it.
payload() { awk -v disk="$1" '$1 == disk {print $2}' <<< "$disks_measured"; }

# can DISK WAY: whether that way can be gone with it: "mount" not if this kernel lacks the filesystem.
can() {
    [[ " $(awk -v disk="$1" '$1 == disk {$1 = $2 = ""; print}' <<< "$disks_measured") " == *" $2 "* ]] &&
        { [ "$2" != mount ] || [ -e "$work/mounts/$1" ]; }
}

# find_mounts: which disks this kernel mounts.
find_mounts() {
    local disk
    mkdir "$work/mounts"
    for disk in $(names); do
        if "$top/bench/mount-copy" "$(image "$disk")" "$work" > /dev/null 2>&1; then touch "$work/mounts/$disk"; fi
        rm -f "$work"/vmlinuz* "$work"/initrd*
    done
}

# contenders DISK: the ways that can be gone with it.
contenders() {
    echo rbd-boot
    if can "$1" pygrub; then echo pygrub-boot; fi
    if can "$1" mount; then echo mount-boot; fi
    if [ "$(payload "$1")" = files ]; then echo cp-boot; fi
    if can "$1" list; then
        echo rbd-list
        if can "$1" pygrub; then echo pygrub-list; fi
    fi
}

# set_command DISK CONTENDER: sets the array "command".
set_command() {
    local disk program out=$work/out
    disk=$(image "$1")
    case $2 in rbd-*) program=$PYGRUB_RBD ;; pygrub-*) program=$tools/pygrub ;; esac
    case $2 in
        rbd-boot | pygrub-boot) command=("$program" --quiet --output="$work/reply" --output-format=simple0 --output-directory="$out" "$disk") ;;
        rbd-list | pygrub-list) command=("$program" --list-entries "$disk") ;;
        mount-boot) command=("$top/bench/mount-copy" "$disk" "$out") ;;
        cp-boot) command=(cp "$disks/files/boot/vmlinuz-6.1.0" "$disks/files/boot/initrd.img-6.1.0" "$out") ;;
    esac
}

# once DISK CONTENDER ROUND: one measured run, or in round 0 one that is checked.
once() {
    local result=$work/results/$1.$2
    rm -rf "$work/out" "$work/reply"
    mkdir -m 700 "$work/out"
    : > "$work/reply"
    set_command "$1" "$2"
    [ "$3" != 0 ] || result=$work/warm
    if ! "$disks/launch" "$result" "${command[@]}" > "$work/stdout" 2> "$work/stderr" || [ "$(tail -n 1 "$result" | cut -d' ' -f4)" != 0 ]; then
        echo "bench: ${command[*]}: failed: $(tail -n 1 "$work/stderr")" >&2
        exit 1
    fi
    if [ "$3" = 0 ]; then check "$1" "$2"; fi
}

# check DISK CONTENDER: what came out is what was put in.
check() {
    local from
    from=$(payload "$1")
    case $2 in
        *-boot)
            if ! cmp -s <(cat "$work"/out/*kernel* "$work"/out/vmlinuz* 2> /dev/null) "$disks/$from/boot/vmlinuz-6.1.0" ||
                ! cmp -s <(cat "$work"/out/*ramdisk* "$work"/out/initrd* 2> /dev/null) "$disks/$from/boot/initrd.img-6.1.0"; then
                echo "bench: $1 $2: what was handed over is not what was put in" >&2
                exit 1
            fi
            ;;
        *-list) grep -q 'recovery mode' "$work/stdout" ;;
    esac
}

# count_reads: read calls on the disk and the bytes they gave, by strace, apart from the timed runs.
count_reads() {
    local disk contender
    for disk in $(names); do
        for contender in $(contenders "$disk"); do
            case $contender in rbd-* | pygrub-*) ;; *) continue ;; esac
            rm -rf "$work/out" "$work/reply"
            mkdir -m 700 "$work/out"
            : > "$work/reply"
            set_command "$disk" "$contender"
            "$tools/strace" -f -y -e trace=read,pread64,readv,preadv,preadv2,sendfile,copy_file_range,splice -o "$work/trace" "${command[@]}" > /dev/null 2>&1 || true
            awk -v image="<$(image "$disk")>" 'index($0, image) && $NF ~ /^[0-9]+$/ {calls++; bytes += $NF} END {print calls + 0, bytes + 0}' \
                "$work/trace" > "$work/results/$disk.$contender.reads"
        done
    done
}

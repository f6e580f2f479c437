# The figures as a table. Read by run.

# median DISK CONTENDER COLUMN: of all rounds; empty where it was not measured.
median() {
    local file=$work/results/$1.$2
    [ ! -e "$file" ] || cut -d' ' -f"$3" "$file" | sort -n | awk '{a[NR]=$1} END {print (NR % 2) ? a[(NR+1)/2] : (a[NR/2] + a[NR/2+1]) / 2}'
}

maximum() { cut -d' ' -f"$3" "$work/results/$1.$2" | sort -n | tail -n 1; }

reads() { [ ! -e "$work/results/$1.$2.reads" ] || cut -d' ' -f"$3" "$work/results/$1.$2.reads"; }

ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }

name() {
    case $1 in
        rbd-*) echo pygrub-rbd ;;
        pygrub-*) echo "Debian's pygrub" ;;
        mount-*) echo "mount, cp, umount" ;;
        cp-*) echo "plain copy (cp)" ;;
    esac
}

# row DISK CONTENDER REFERENCE
row() {
    local wall cpu
    wall=$(median "$1" "$2" 1)
    cpu=$(median "$1" "$2" 2)
    printf '| %-13s | %-4s | %-17s | %8.1f | %8.1f | %7s | %7s | %6s | %8s | %6.1f |\n' "$1" "${2#*-}" "$(name "$2")" \
        "$(ratio "$wall" 1000)" "$(ratio "$cpu" 1000)" "$([ -z "$3" ] || ratio "$wall" "$(median "$1" "$3" 1)")" \
        "$([ -z "$3" ] || ratio "$cpu" "$(median "$1" "$3" 2)")" "$(reads "$1" "$2" 1)" \
        "$([ -z "$(reads "$1" "$2" 2)" ] || ratio "$(reads "$1" "$2" 2)" 1048576)" "$(ratio "$(maximum "$1" "$2" 3)" 1024)"
}

# reference DISK: what handing over is compared with: the plain copy; of packed files, which that doesn't unpack, the kernel's way.
reference() {
    case $(payload "$1") in
        files) echo cp-boot ;;
        packed) ! can "$1" mount || echo mount-boot ;;
    esac
}

report() {
    local disk contender payload=$((68 << 20))
    echo "$rounds rounds, medians; $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg), Linux $(uname -r)"
    echo "| disk          | task | by                | wall ms  | cpu ms   | wall x  | cpu x   | reads  | MiB read | MiB mem |"
    echo "| ------------- | ---- | ----------------- | -------- | -------- | ------- | ------- | ------ | -------- | ------ |"
    for disk in $(names); do
        for contender in $(contenders "$disk"); do
            case $contender in
                *-list) row "$disk" "$contender" "$(! can "$disk" pygrub || echo pygrub-list)" ;;
                *) row "$disk" "$contender" "$(reference "$disk")" ;;
            esac
        done
    done
    echo "wall x, cpu x: times the plain copy's (boot), of packed files times the kernel's mount and cp, times Debian's pygrub's (list). mem: the largest of all rounds."
    echo
    for disk in ext4 xfs xfs-v4 device; do
        target "$disk: handing over, times the plain copy" "$(ratio "$(median "$disk" rbd-boot 1)" "$(median "$disk" cp-boot 1)")" at-most 1.3
        target "$disk: bytes read beyond the payload" $(($(reads "$disk" rbd-boot 2) - payload)) at-most 1048576
        target "$disk: read calls" "$(reads "$disk" rbd-boot 1)" at-most $((68 + 60))
    done
    for disk in $(names); do
        can "$disk" mount || continue
        target "$disk: handing over, times the kernel's mount and cp" "$(ratio "$(median "$disk" rbd-boot 1)" "$(median "$disk" mount-boot 1)")" \
            at-most "$(if [ "$(payload "$disk")" = packed ]; then echo 1.2; else echo 1.5; fi)"
    done
    for disk in ext4 xfs-v4; do
        target "$disk: listing, times faster than Debian's pygrub" "$(ratio "$(median "$disk" pygrub-list 1)" "$(median "$disk" rbd-list 1)")" at-least 15
    done
    target "peak memory in KiB, ramdisk of 60 MiB" "$(maximum ext4 rbd-boot 3)" at-most 16384
    target "peak memory in KiB, ramdisk of 120 MiB" "$(maximum ext4-large rbd-boot 3)" at-most 16384
    target "program size in bytes" "$(stat -c %s "$PYGRUB_RBD")" at-most 5000000
}

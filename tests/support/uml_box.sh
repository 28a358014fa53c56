#!/usr/bin/env bash
# The inside of uml_box.py, which see.
#   uml_box.sh hold FOLDER [NAME=VALUE…] COMMAND…   boots; ends with the command's exit code
#   uml_box.sh                                      what the other kernel starts as its PID 1
set -euo pipefail
self=$(readlink -f "${BASH_SOURCE[0]}")
work=/mnt # covered by a file system in memory, in the box's namespace alone
modules=(ipv6 veth dummy bridge bonding 8021q vrf vxlan macvlan macvtap tun ifb)

# As PID 1 of a pid namespace: whatever ends this ends the kernel and all of its processes.
hold() {
    mount -t tmpfs -o mode=755,size=4g nlwatch-box "$work"
    mkdir "$work"/{memory,told}
    printf '%s\0' "$@" >"$work/told/command"
    # For each system call inside, two processes take turns here several times. On two CPUs, or behind others in a
    # queue, that is slower by far; but where there is one CPU alone, the others shall have some of it, too.
    local cpu kernel turns
    cpu=$(taskset -pc $$) cpu=${cpu##*[ ,-]}
    turns=(taskset -c "$cpu")
    (($(nproc) == 1)) || ! chrt -r 1 true 2>/dev/null || turns+=(chrt -r 1)
    # Without legacy terminals and compressed swap, whose making takes longer than all else in booting.
    TMPDIR=$work/memory HOME=$work "${turns[@]}" linux.uml quiet mem=1G con=null con1=null,fd:1 \
        root=/dev/root rootfstype=hostfs rootflags=/ ro init="$self" pty.legacy_count=0 zswap.enabled=0 \
        2>"$work/log" &
    kernel=$!
    while [[ ! -e $work/told/code ]]; do
        if ! kill -0 "$kernel" 2>/dev/null; then
            printf 'uml_box: the kernel ended before the command did\n' >&2
            cat "$work/log" >&2
            exit 70
        fi
        sleep .05
    done
    exit "$(<"$work/told/code")"
}

init() {
    export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TMPDIR=/run/tmp
    local code=0 command
    mount -t proc proc /proc
    mount -t sysfs sysfs /sys
    mount -t tmpfs tmpfs /run
    mkdir -p /run/{tmp,told,modules/lib/modules} /dev/{pts,shm}
    mount -t devpts -o ptmxmode=0666 devpts /dev/pts
    mount -t tmpfs tmpfs /dev/shm
    mount -t hostfs -o "$work/told" told /run/told
    ln -s "/usr/lib/uml/modules/$(uname -r)" /run/modules/lib/modules/
    exec </dev/null >/dev/tty1 2>&1
    stty raw -echo <&1
    modprobe -d /run/modules -a "${modules[@]}"
    ip link set lo up
    mapfile -d '' command </run/told/command
    (cd "${command[0]}" && exec env "${command[@]:1}") || code=$?
    stty sane <&1 # which waits until all is written
    echo "$code" >/run/told/writing
    mv /run/told/{writing,code}
    sleep infinity # until the holder ends the kernel
}

case ${1:-} in
    hold) hold "${@:2}" ;;
    *)
        (($$ == 1)) || { printf 'not for use by hand: uml_box.py is\n' >&2; exit 64; }
        init
        ;;
esac

#!/usr/bin/env bash
# The inside of systemd_box.py, which see: boots this machine's systemd as PID 1 of namespaces of its own.
#   systemd_box.sh hold NAME   holds a box until standard input ends, then removes all of it; prints PID 1's pid
#   systemd_box.sh boot        what becomes PID 1
# `hold` runs in a mount namespace of its own (unshare --mount), so that no mount of a box is ever seen outside.
set -euo pipefail
self=$(readlink -f "${BASH_SOURCE[0]}")
work=/mnt # covered by a file system in memory, in the box's namespace alone

hold() {
    local name=$1 box
    group=$work/cgroup/$1 # not local: the trap sees it
    mount -t tmpfs -o mode=755 nlwatch-box "$work"
    mkdir "$work"/{cgroup,upper,overlay,root}
    mount -t cgroup2 cgroup2 "$work/cgroup"
    sweep "${name%-*-*}" # "nlwatch-box-PIDNS", of NAME = nlwatch-box-PIDNS-PID-RANDOM
    mkdir "$group"
    trap 'remove "$group"' EXIT
    # Whatever happens to one of these, the kernel ends those below: the last is PID 1 of all that the box holds.
    GROUP=$group setpriv --pdeathsig KILL unshare --pid --fork --kill-child=KILL \
        bash -c 'echo 0 >"$GROUP/cgroup.procs" && exec unshare --cgroup --mount --net --uts --ipc bash "$0" boot' \
        "$self" </dev/null &
    box=$!
    exec >/dev/null
    cat >/dev/null || :
    # PID 1 and not its parent, who then reaps it: nothing is left to whoever takes orphans here.
    pkill -KILL -P "$box" || kill -KILL "$box" 2>/dev/null || :
    wait "$box" 2>/dev/null || :
}

# The kernel lets go of the last process a moment after its end is told.
remove() {
    local _
    for _ in {1..250}; do
        find "$1" -depth -type d -exec rmdir {} + 2>/dev/null || :
        [[ -d $1 ]] || return 0
        sleep .02
    done
    printf 'systemd_box: %s could not be removed\n' "$1" >&2
}

# What was left by a test that was killed together with its holder.
sweep() {
    local left pid
    for left in "$work/cgroup/$1"-*; do
        pid=${left#"$work/cgroup/$1-"} pid=${pid%%-*}
        [[ ! -d $left || -e /proc/$pid ]] || find "$left" -depth -type d -exec rmdir {} + 2>/dev/null || :
    done
}

boot() {
    local root=$work/root pid _
    read -r pid _ </proc/self/stat # /proc is still that of the outer pid namespace
    mount --make-rprivate /
    mount -t overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/overlay" overlay "$root"
    mount_kernel "$root"
    make_devices "$root/dev"
    ip link set lo up
    cd "$root"
    [[ $(stat -f -c %T .) == overlayfs ]] # what follows must not touch the machine's own files
    make_machine
    pivot_root . .
    umount -l .
    mount --make-rshared /
    echo "$pid"
    # Rights that would reach beyond the namespaces are not given: clock, modules, the kernel's log, audit.
    local keep=-sys_time,-sys_module,-sys_rawio,-syslog,-audit_read,-audit_control,-mac_admin,-mac_override
    exec env -i container=nlwatch-box PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        setpriv --bounding-set="$keep" /lib/systemd/systemd --unit=box.target --show-status=no --log-target=journal \
        </dev/null >/dev/null 2>&1
}

mount_kernel() {
    local root=$1 knob
    mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
    mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"
    mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$root/sys/fs/cgroup"
    mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/run"
    mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
    # Knobs that no namespace keeps apart stay as they are; those of the network are the box's own.
    for knob in sys sysrq-trigger irq bus; do
        [[ ! -e $root/proc/$knob ]] || mount --bind "$root/proc/$knob" "$root/proc/$knob"
    done
    mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
    for knob in sys sysrq-trigger irq bus; do
        [[ ! -e $root/proc/$knob ]] || mount -o remount,bind,ro "$root/proc/$knob"
    done
}

make_devices() {
    local dev=$1 device
    for device in null zero full random urandom tty; do cp -a "/dev/$device" "$dev/"; done
    cp -a /dev/null "$dev/console"
    ln -s /proc/self/fd "$dev/fd"
    ln -s fd/0 "$dev/stdin"
    ln -s fd/1 "$dev/stdout"
    ln -s fd/2 "$dev/stderr"
    mkdir "$dev/pts" "$dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$dev/pts"
    ln -s pts/ptmx "$dev/ptmx"
    mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$dev/shm"
}

# A machine without services of its own, here in the overlay: an id, a target to boot to, and nothing that has to do
# with hardware, disks or first boots. An empty unit file masks.
make_machine() {
    rm -rf etc/systemd/system/* etc/fstab var/log/journal etc/machine-id
    mkdir -p etc/tmpfiles.d run/systemd/{system,system-generators}
    tr -d - </proc/sys/kernel/random/uuid >etc/machine-id
    echo 'd /tmp 1777 root root -' >etc/tmpfiles.d/tmp.conf # Debian's own would empty it
    printf '[Unit]\nRequires=basic.target\nAfter=basic.target\nAllowIsolate=yes\n' >run/systemd/system/box.target
    local unit generator
    for unit in systemd-{udevd,udev-trigger,modules-load,sysctl,update-utmp,remount-fs,binfmt}.service \
        systemd-{hwdb-update,firstboot,machine-id-commit,pstore,boot-update,network-generator}.service \
        systemd-{journal-catalog-update,update-done,tmpfiles-clean}.service ldconfig.service modprobe@.service \
        systemd-udevd-{control,kernel}.socket systemd-{journald-audit,creds,importd,factory-reset}.socket \
        {sys-kernel-{debug,tracing,config},sys-fs-fuse-connections,dev-hugepages,dev-mqueue}.mount \
        {tmp,run-lock,var-lib-machines,proc-sys-fs-binfmt_misc}.mount proc-sys-fs-binfmt_misc.automount \
        systemd-tmpfiles-clean.timer getty.target; do
        : >"run/systemd/system/$unit"
    done
    for generator in usr/lib/systemd/system-generators/*; do
        : >"run/systemd/system-generators/${generator##*/}"
    done
}

case ${1:-} in
    hold) hold "$2" ;;
    boot) boot ;;
    *) printf 'not for use by hand: systemd_box.py is\n' >&2; exit 64 ;;
esac

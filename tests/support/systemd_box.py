"""A systemd that was really booted: as PID 1 of namespaces of its own, over a copy-on-write view of this machine.

Its own: processes, mounts, network (lo alone), host name, cgroups, /run, /dev, journal, machine id. Whatever is
installed, enabled or deleted in it is gone with it. No boundary for security: its root is the machine's. MemoryMax=,
TasksMax= and CPUQuota= are not enforced in it. By hand: cd tests && python3 -m support.systemd_box COMMAND…
"""

import os
import pathlib
import secrets
import select
import shutil
import subprocess
import sys
import time

from support.daemon import wait_until

_SCRIPT = pathlib.Path(__file__).with_suffix(".sh")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_BOOT_TIMEOUT = 150  # booting takes a second; a loaded machine was seen to stall for more than a minute, if rarely


class Box:
    """Booted from construction; close() ends all that runs in it. If this process is killed, so is the box."""

    def __init__(self):
        name = f"nlwatch-box-{os.stat('/proc/self/ns/pid').st_ino}-{os.getpid()}-{secrets.token_hex(3)}"
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "bash", str(_SCRIPT), "hold", name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        try:
            self._wait_for_boot()
        except BaseException:
            self.close()
            raise

    def _wait_for_boot(self):
        deadline = time.monotonic() + _BOOT_TIMEOUT
        self.pid = 0  # of the box's PID 1, as seen from here
        if select.select([self._holder.stdout], [], [], _BOOT_TIMEOUT)[0]:
            self.pid = int(self._holder.stdout.readline() or 0)
        if not self.pid:
            raise AssertionError("the box did not come as far as its PID 1")
        wait_until(self._is_systemd, "systemd runs in the box", deadline - time.monotonic())
        state = self.run("systemctl", "is-system-running", "--wait", check=False,
                         timeout=max(1, deadline - time.monotonic())).stdout.decode().strip()
        if state != "running":
            failed = self.run("systemctl", "list-units", "--failed", "--no-legend", "--plain", check=False).stdout
            raise AssertionError(f"the box is {state}: {failed.decode()}\n{self.journal('-n', '60')}")

    def _is_systemd(self):
        try:
            booting = os.readlink(f"/proc/{self.pid}/exe").endswith("/systemd")
        except FileNotFoundError:
            raise AssertionError("the box ended while it booted") from None
        return booting and self.path("/run/systemd/private").is_socket()

    def path(self, inside):
        """A path of the box as one that this process can use, sockets too. Absolute symlinks lead out of the box."""
        return pathlib.Path(f"/proc/{self.pid}/root{inside}")

    def command(self, *argv, uid=0, groups=()):
        """argv as it runs inside, by root or by another user id, which is in `groups` (names) and no others."""
        command = ["nsenter", "-t", str(self.pid), "-m", "-u", "-i", "-n", "-p", "-C"]
        if uid or groups:
            listed = ["--groups", ",".join(groups)] if groups else ["--clear-groups"]
            command += ["setpriv", f"--reuid={uid}", f"--regid={uid}", *listed]
        return [*command, *argv]

    def run(self, *argv, check=True, timeout=60, uid=0, groups=(), **options):
        """Runs to the end; returns subprocess.CompletedProcess with bytes in stdout and stderr."""
        done = subprocess.run(self.command(*argv, uid=uid, groups=groups), capture_output=True, timeout=timeout,
                              env={"PATH": _PATH, "LC_ALL": "C.UTF-8"}, cwd="/", **options)
        if check and done.returncode != 0:
            said = (done.stdout + done.stderr).decode(errors="replace")
            raise AssertionError(f"{argv} ended with {done.returncode}: {said}")
        return done

    def systemctl(self, *argv, check=True):
        return self.run("systemctl", *argv, check=check)

    def show(self, unit, name):
        """A property of a unit, as `systemctl show` writes it."""
        return self.run("systemctl", "show", "-P", name, unit).stdout.decode().strip()

    def write(self, inside, text):
        """A file, and its folders."""
        path = self.path(inside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def install(self, tree):
        """All folders that a folder holds, at the same paths below the box's root."""
        for folder in pathlib.Path(tree).iterdir():
            shutil.copytree(folder, self.path(f"/{folder.name}"), dirs_exist_ok=True, symlinks=True)

    def journal(self, *argv):
        """What journalctl prints, after all that was written so far has arrived."""
        self.run("journalctl", "--sync", check=False)
        return self.run("journalctl", "--no-pager", *argv, check=False).stdout.decode(errors="replace")

    def close(self):
        self._holder.stdin.close()  # which is what it waits for
        self._holder.stdout.close()
        self._holder.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def available():
    """Whether a box can be booted here at all; tests are skipped where it cannot."""
    if os.geteuid() != 0 or not os.access("/lib/systemd/systemd", os.X_OK):
        return False
    probe = "mount -t tmpfs probe /mnt && cd /mnt && mkdir a b c d && mount -t cgroup2 none d && " \
            "mount -t overlay -o lowerdir=/,upperdir=a,workdir=b overlay c"
    return subprocess.run(["unshare", "--mount", "--pid", "--fork", "--propagation", "private", "sh", "-c", probe],
                          capture_output=True).returncode == 0


if __name__ == "__main__":
    with Box() as box:
        sys.exit(subprocess.run(box.command(*(sys.argv[1:] or ["bash"]))).returncode)

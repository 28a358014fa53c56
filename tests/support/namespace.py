"""Private network namespaces for tests: made under a unique name, removed whatever happens to the test."""

import atexit
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading

_PREFIX = f"nlwatch-test-{os.stat('/proc/self/ns/pid').st_ino}"  # pids are compared below: of this pid namespace only
_CLONE_NEWNET = 0x40000000
_open = []


class Namespace:
    """A namespace, its commands, and the processes started in it. close() ends those processes, and no others."""

    def __init__(self, dad=False):
        """dad: whether IPv6 addresses go through duplicate address detection (1.4 to 2.3 s on each link)."""
        if not _open:
            _sweep()
        self.name = f"{_PREFIX}-{os.getpid()}-{secrets.token_hex(3)}"
        self._processes = []
        subprocess.run(["ip", "netns", "add", self.name], check=True)
        _open.append(self)
        if not dad:
            for where in ("all", "default"):
                self.run("sysctl", "-q", "-w", f"net.ipv6.conf.{where}.accept_dad=0")
        self.ip("link", "set", "lo", "up")

    def command(self, *argv):
        """argv as it runs inside. It dies with this process, even if that is killed; its pid is the command's own."""
        return ["setpriv", "--pdeathsig", "KILL", "ip", "netns", "exec", self.name, *argv]

    def run(self, *argv, check=True, timeout=60, **options):
        """Runs to the end; returns subprocess.CompletedProcess with bytes in stdout and stderr."""
        return _finish(self.command(*argv), argv, check, timeout, **options)

    def popen(self, *argv, **options):
        process = subprocess.Popen(self.command(*argv), **options)
        self._processes.append(process)
        return process

    def ip(self, *argv, check=True, **options):
        """`ip`, which enters the namespace by itself: one program to start instead of three, and tests start many."""
        return _finish(["ip", "-netns", self.name, *argv], ("ip", *argv), check, 60, **options)

    def batch(self, commands, force=False):
        """Many `ip` commands, given without the word ip, from one process. force: go on after one that fails."""
        argv = [*(["-force"] if force else []), "-batch", "-"]
        return self.ip(*argv, input="\n".join([*commands, ""]).encode(), check=not force)

    def socket(self, family, kind, protocol=0):
        return socket_in(self.name, family, kind, protocol)

    def close(self):
        if self not in _open:
            return
        _open.remove(self)
        for process in self._processes:
            if process.poll() is None:
                process.kill()  # a stopped one too
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream:
                    stream.close()
        subprocess.run(["ip", "netns", "del", self.name], check=False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def socket_in(name, family, kind, protocol=0):
    """A socket that belongs to the namespace of that name; this process stays where it is."""
    made = []

    def enter_and_make():
        try:
            libc = ctypes.CDLL(None, use_errno=True)
            with open(f"/run/netns/{name}", "rb") as handle:
                if libc.setns(handle.fileno(), _CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            made.append(socket.socket(family, kind, protocol))
        except OSError as error:
            made.append(error)

    thread = threading.Thread(target=enter_and_make)  # setns(2) moves the thread alone, and it ends here
    thread.start()
    thread.join()
    if isinstance(made[0], OSError):
        raise made[0]
    return made[0]


def _finish(command, argv, check, timeout, **options):
    """Runs `command`, which an error calls argv, to its end."""
    done = subprocess.run(command, capture_output=True, timeout=timeout, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{argv} ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done


def available():
    """Whether this process may make namespaces at all; tests are skipped where it may not."""
    if os.geteuid() != 0:
        return False
    name = f"{_PREFIX}-{os.getpid()}-probe"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode != 0:
        return False
    subprocess.run(["ip", "netns", "del", name], check=False)
    return True


def _sweep():
    """Removes what an earlier run left that was killed before it could."""
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        name = line.split()[0]
        owner = name.removeprefix(_PREFIX + "-").split("-")[0]
        if name.startswith(_PREFIX + "-") and owner.isdigit() and not os.path.exists(f"/proc/{owner}"):
            subprocess.run(["ip", "netns", "del", name], check=False)


@atexit.register
def _close_all():
    for namespace in list(_open):
        namespace.close()


for _number in (signal.SIGTERM, signal.SIGHUP):  # SIGINT raises KeyboardInterrupt already
    signal.signal(_number, lambda number, _frame: sys.exit(128 + number))

"""The built program as a process: `nlwatch run` in a namespace, and short runs of its other commands."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from support.reader import Client

EXECUTABLE = os.environ.get("NLWATCH", "")
SANITIZED = os.environ.get("NLWATCH_SANITIZED") == "1"


def scaled(count):
    """A count for the plain build; sanitizers, about three times slower, get a third."""
    return count // 3 if SANITIZED else count


def wait_until(condition, what, timeout=60):
    """Polls every 10 ms; for what announces itself in no other way."""
    deadline = time.monotonic() + timeout
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain until {what}")
        time.sleep(0.01)
    return result


class Daemon:
    """Running from construction, ready when the socket takes connections; close() ends it however it stands."""

    def __init__(self, namespace, hub, config=None, directory=None, wait=True):
        """config: the text of a configuration file; without one, the defaults. wait: until it is ready."""
        self.namespace = namespace
        self.hub = hub
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="nlwatch-test-"))
        self.directory = pathlib.Path(directory or self.home / "run")
        self.directory.mkdir(exist_ok=True)
        self._clients = []
        self.last_log = None  # once closed
        argv = [EXECUTABLE, "run", "--dir", str(self.directory)]
        if config is not None:
            path = self.home / "nlwatch.toml"
            path.write_text(config)
            argv += ["-c", str(path)]
        with open(self.home / "stdout", "wb") as stdout, open(self.home / "stderr", "wb") as stderr:
            self.process = namespace.popen(*argv, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        if wait:
            wait_until(self._answers, "the stream socket takes connections")

    @property
    def stream(self):
        return self.directory / "stream.sock"

    @property
    def pid(self):
        return self.process.pid

    def client(self, **options):
        client = Client(self.hub, self.stream, **options)
        self._clients.append(client)
        return client

    def settled_client(self, **options):
        """A client that has read its snapshot."""
        client = self.client(**options)
        client.until(lambda fold: fold.settled)
        return client

    def stop(self):
        """SIGSTOP; returns when the process stands still."""
        self.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: self._stat()[0] == "T", "the process is stopped")

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def terminate(self, number=signal.SIGTERM, timeout=20):
        """Sends the signal; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout)

    def wait(self, timeout=20):
        return self.process.wait(timeout)

    def alive(self):
        return self.process.poll() is None

    def log(self):
        return "".join((self.home / name).read_text(errors="replace") for name in ("stdout", "stderr"))

    def rss(self):
        """Resident memory, in bytes."""
        return int(self._status("VmRSS").split()[0]) * 1024

    def cpu(self):
        """CPU time used so far, in clock ticks: 1/100 s on every architecture but alpha."""
        fields = self._stat()
        return int(fields[11]) + int(fields[12])

    def wakeups(self):
        """Voluntary context switches of all threads so far: each is a wait that ended."""
        return sum(int(self._status("voluntary_ctxt_switches", f"task/{thread}"))
                   for thread in os.listdir(f"/proc/{self.pid}/task"))

    def open_files(self):
        return {int(name) for name in os.listdir(f"/proc/{self.pid}/fd")}

    def close(self):
        for client in self._clients:
            client.close()
        if self.alive():
            self.process.kill()
            self.process.wait()
        self.last_log = self.log()
        shutil.rmtree(self.home, ignore_errors=True)

    def _answers(self):
        if not self.alive():
            raise AssertionError(f"nlwatch ended with {self.process.returncode}:\n{self.log()}")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(self.stream))
            except (FileNotFoundError, ConnectionRefusedError):
                return False
            return True

    def _stat(self):
        """The fields of /proc/PID/stat from the state on; the name before it may hold anything."""
        return pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()

    def _status(self, name, of="."):
        for line in pathlib.Path(f"/proc/{self.pid}/{of}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return line.partition(":")[2]
        raise KeyError(name)

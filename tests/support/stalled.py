"""A daemon whose log goes to a pipe that nobody reads."""

import fcntl
import os
import select
import threading

from support import churn
from support.case import DaemonCase
from support.daemon import wait_until


class Pipe:
    """Standard error of a daemon, of the smallest size there is; nobody reads it until drain().

    To be made before anything that may start the daemon: cleanups go backwards, and it ends when the daemon has."""

    def __init__(self, case):
        self._inner, self.outer = os.pipe()
        fcntl.fcntl(self._inner, fcntl.F_SETPIPE_SZ, 4096)
        self.read = b""
        self._thread = None
        case.addCleanup(self._close)

    def full(self):
        return not select.select([], [self.outer], [], 0)[1]

    def drain(self):
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        while data := os.read(self._inner, 1 << 16):
            self.read += data

    def _close(self):
        os.close(self.outer)
        if self._thread:
            self._thread.join()
        os.close(self._inner)


class StalledCase(DaemonCase):
    """begin() gives self.daemon, self.client, self.http (the socket's path), self.pipe; self.churn() changes links."""

    def setUp(self):
        self.pipe = Pipe(self)
        super().setUp()
        self.storm = churn.Storm(seed=21)
        self.namespace.batch(self.storm.cast())

    def begin(self, config=None):
        popen = self.namespace.popen
        self.namespace.popen = lambda *argv, **options: popen(*argv, **{**options, "stderr": self.pipe.outer})
        try:
            self.daemon = self.start(config)
        finally:
            del self.namespace.popen
        self.client = self.daemon.settled_client()
        self.http = self.daemon.directory / "http.sock"

    def churn(self, count):
        self.namespace.batch(self.storm.changes(count), force=True)

    def fill(self):
        """Flaps a link until the pipe holds no more; to be called before churn()."""
        def filled():
            self.namespace.batch([f"link set c0-0 {way}" for way in ("down", "up") * 50])
            return self.pipe.full()

        wait_until(filled, "the pipe is full")

"""`nlwatch monitor` as a process, in a pipe or on a terminal; and other commands in the same way."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
import time

from support.daemon import EXECUTABLE, wait_until
from support.laws import LawfulFold
from support.reader import parse

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


class Monitor:
    """What it has written so far is `output`, standard error included on a terminal only."""

    command = "monitor"
    scope = {}  # as a Client has it

    def __init__(self, namespace, *options, terminal=False, filtered=False, environment=None, columns=80, by=()):
        """columns: of the terminal. by: the command that starts it, and its options."""
        self.fold = LawfulFold(filtered)  # of advance()
        self.output = b""
        self._namespace = namespace
        self._folded = 0
        inner, outer = pty.openpty() if terminal else os.pipe()
        if terminal:
            fcntl.ioctl(outer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = namespace.popen(*by, EXECUTABLE, self.command, *options, stdin=subprocess.DEVNULL, stdout=outer,
                                       stderr=outer if terminal else subprocess.PIPE,
                                       env={**os.environ, "TERM": "xterm", **(environment or {})})
        os.close(outer)
        self._inner = inner
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def lines(self):
        """Whole lines as bytes, without their ends."""
        return [line.removesuffix(b"\r") for line in self.output.split(b"\n")[:-1]]

    def text(self):
        """As a person sees it: without colours."""
        return _ESCAPES.sub("", self.output.decode("utf-8"))

    def records(self):
        return [parse(line) for line in self.lines()]

    def advance(self):
        for record in self.records()[self._folded:]:
            self._folded += 1
            self.fold.apply(record)

    def wait(self, seconds):
        time.sleep(min(seconds, 0.01))

    def until(self, condition, timeout=60):
        """As a Client has it: folds until condition(fold) holds."""
        def holds():
            self.advance()
            return condition(self.fold)
        return wait_until(holds, "monitor's stream holds it", timeout)

    def until_following(self):
        """Returns when a change made by this call has been told of: nothing before it says that monitor is ready."""
        def poked():
            assert self.process.poll() is None, f"monitor ended with {self.process.returncode}: {self.output}"
            self._poke()
            return b"poke-" in self.output
        wait_until(poked, "monitor tells of a change")

    def until_its_limit(self):
        """Returns what it ends with once it has told of changes enough."""
        def ended():
            self._poke()
            return self.process.poll() is not None
        wait_until(ended, "monitor ends by its limit")
        return self.wait_for_end()

    def _poke(self):
        self._namespace.ip("link", "set", "lo", "alias", f"poke-{time.monotonic_ns()}")

    def until_told(self, text):
        wait_until(lambda: text in self.text(), f"monitor prints {text!r}")

    def finish(self, number=signal.SIGINT):
        """Sends the signal; returns the exit code, with all of the output read."""
        self.process.send_signal(number)
        return self.wait_for_end()

    def wait_for_end(self):
        code = self.process.wait(20)
        self._thread.join()
        return code

    def _read(self):
        with open(self._inner, "rb", buffering=0) as inner:
            try:
                while data := inner.read(1 << 16):
                    self.output += data
            except OSError:
                pass  # EIO: the terminal's other end is closed


class Tail(Monitor):
    """`nlwatch tail`."""

    command = "tail"


class Show(Monitor):
    """`nlwatch show`."""

    command = "show"


class Status(Monitor):
    """`nlwatch status`."""

    command = "status"

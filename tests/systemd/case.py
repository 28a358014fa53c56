"""The base of the tests in a booted systemd: the program installed under a folder, and that folder in a box."""

import json
import os
import subprocess
import tempfile
import unittest

from support import systemd_box
from support.daemon import wait_until

BUILD = os.environ.get("NLWATCH_BUILD", "")
UNITS = ("nlwatch.service", "nlwatch.socket", "nlwatch-http.socket", "nlwatch-control.socket")
STREAM, HTTP, CONTROL = (f"/run/nlwatch/{name}.sock" for name in ("stream", "http", "control"))
NOBODY = 65534
_DROP_IN = "/run/systemd/system/nlwatch.service.d/50-test.conf"
_CONFIG = "/etc/nlwatch/nlwatch.toml"


def installed(prefix="/usr"):
    """What `cmake --install` puts into an empty folder; removed with the object that is returned."""
    assert BUILD, "NLWATCH_BUILD must name the build folder"
    folder = tempfile.TemporaryDirectory(prefix="nlwatch-test-")
    done = subprocess.run([os.environ.get("NLWATCH_CMAKE", "cmake"), "--install", BUILD, "--prefix", prefix],
                          env={**os.environ, "DESTDIR": folder.name}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class BoxCase(unittest.TestCase):
    """Gives self.box, with nlwatch installed and nothing of it running. One box for all tests of a class."""

    longMessage = True

    @classmethod
    def setUpClass(cls):
        if not systemd_box.available():
            raise unittest.SkipTest("needs root, systemd and namespaces")
        cls.box = systemd_box.Box()
        cls.addClassCleanup(cls.box.close)
        with installed() as tree:
            cls.box.install(tree)
        cls.box.systemctl("daemon-reload")

    def setUp(self):
        self.cursor = self._now()
        self.addCleanup(self._clear)

    def start(self, drop_in="", config=None):
        """Starts the service as installed, with the texts of a drop-in and a configuration; returns its pid inside."""
        if drop_in:
            self.write_drop_in(drop_in)
        if config is not None:
            self.configure(config)
        self.box.systemctl("start", "nlwatch")
        return self.main_pid()

    def write_drop_in(self, text):
        self.box.write(_DROP_IN, text)
        self.box.systemctl("daemon-reload")

    def configure(self, text):
        self.box.write(_CONFIG, text)

    def main_pid(self):
        return int(self.box.show("nlwatch", "MainPID"))

    def state(self):
        return self.box.show("nlwatch", "ActiveState")

    def status_text(self):
        return self.box.show("nlwatch", "StatusText")

    def until(self, condition, what, timeout=60):
        """The machine may be loaded, and systemd takes seconds where it must be sure."""
        return wait_until(condition, what, timeout)

    def until_started_anew(self, old_pid):
        """After an end that was not asked for; returns the new pid."""
        def anew():
            return self.state() == "active" and self.main_pid() not in (0, old_pid)
        self.until(anew, "the service is active with another process")
        return self.main_pid()

    def journal(self, *argv):
        """What the journal has from this test."""
        return self.box.journal("--after-cursor", self.cursor, *argv)

    def own_entries(self):
        """The journal's entries of the program itself. Picked here: with a match, journalctl 252 leaves out the first
        entry behind the cursor."""
        entries = map(json.loads, self.journal("-o", "json").splitlines())
        return [entry for entry in entries if entry.get("SYSLOG_IDENTIFIER") == "nlwatch"]

    def as_user(self, *argv, groups=(), **options):
        return self.box.run(*argv, uid=NOBODY, groups=groups, check=False, **options)

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before and hasattr(self, "last_journal"):
            print(f"\n--- the journal of the test\n{self.last_journal}", flush=True)

    def _now(self):
        shown = self.box.journal("-n", "0", "--show-cursor")
        return shown.partition("-- cursor: ")[2].strip()

    def _clear(self):
        self.last_journal = self.journal()
        self.box.systemctl("stop", *UNITS, check=False)
        self.box.systemctl("reset-failed", check=False)
        for path in (_DROP_IN, _CONFIG):
            self.box.path(path).unlink(missing_ok=True)
        self.box.systemctl("daemon-reload")

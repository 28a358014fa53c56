"""A build without libcurl and OpenSSL: it says so where a webhook is configured, and does all the rest."""

import os
import subprocess

from support.case import DaemonCase
from support.daemon import EXECUTABLE
from support.webhook_case import sink

LOG = '[[sink]]\nname = "log"\ntype = "log"\n'


class WithoutWebhooks(DaemonCase):
    def test_neither_library_is_linked(self):
        linked = subprocess.run(["ldd", EXECUTABLE], check=True, stdout=subprocess.PIPE, text=True).stdout
        self.assertIn("libsystemd", linked)
        self.assertNotRegex(linked, "libcurl|libssl")

    def test_a_webhook_is_refused_by_its_line(self):
        self.daemon = self.start(LOG)
        path = self.daemon.home / "nlwatch.toml"
        path.write_text(LOG + sink("http://127.0.0.1:9/"))
        directory = str(self.daemon.directory)
        for command in (["check", str(path)], ["run", "--dir", directory + "-2", "-c", str(path)]):
            done = self.nlwatch(*command)
            self.assertEqual(done.returncode, os.EX_CONFIG, done)
            self.assertRegex(done.stderr.decode(), r"nlwatch.toml:6:\d+: error: .*built without libcurl and OpenSSL")
        refused = self.nlwatch("reload", "--dir", directory)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn(b"built without libcurl and OpenSSL", refused.stderr)
        self.daemon.settled_client()

    def test_there_is_nothing_to_test(self):
        self.daemon = self.start(LOG)
        done = self.nlwatch("sink", "test", "log", "--dir", str(self.daemon.directory))
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"'log' is no webhook", done.stderr)

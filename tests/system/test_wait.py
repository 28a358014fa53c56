"""`nlwatch wait`: until something is true of an interface."""

import json
import subprocess

from support.case import DaemonCase
from support.daemon import EXECUTABLE, wait_until


class Wait(DaemonCase):
    def setUp(self):
        super().setUp()
        self.daemon = self.start()
        self.client = self.daemon.settled_client()

    def wait(self, *argv):
        return self.nlwatch("wait", *argv, "--dir", str(self.daemon.directory))

    def begin(self, *argv):
        """One that waits by the time this returns: it reads the daemon's events."""
        before = self.followers()
        process = self.namespace.popen(EXECUTABLE, "wait", *argv, "--dir", str(self.daemon.directory),
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_until(lambda: self.followers() > before, "it reads the events")
        return process

    def followers(self):
        done = self.nlwatch("status", "-o", "json", "--dir", str(self.daemon.directory))
        return json.loads(done.stdout)["subscribers"]["ndjson"]

    def assert_ends(self, process, words):
        out, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 0)
        self.assertIn(words, out.decode())

    def test_what_is_true_already(self):
        for condition, words in (("lo up", "lo is up"), ("l* carrier", "lo is up"), ("lo usable", "127.0.0.1/8"),
                                 ("lo present", "lo is up"), ("eth7 gone", "no link 'eth7' is there"),
                                 ("lo up usable", "127.0.0.1/8"), ("!eth* up", "lo is up")):
            done = self.wait(condition)
            self.assertEqual((done.returncode, done.stderr), (0, b""), (condition, done))
            self.assertIn(words, done.stdout.decode())

    def test_what_becomes_true(self):
        self.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
        waits = {condition: self.begin(condition) for condition in ("v0 up", "v0 usable", "v* carrier", "v0 gone",
                                                                    "w0 present")}
        self.namespace.batch(["link set v0 up", "link set v1 up"])
        self.assert_ends(waits["v0 up"], "v0 is up")
        self.assert_ends(waits["v* carrier"], "v")
        self.assertIsNone(waits["v0 usable"].poll(), "a link-local address is not what is waited for")
        self.namespace.ip("addr", "add", "192.0.2.1/24", "dev", "v0")
        self.assert_ends(waits["v0 usable"], "usable: 192.0.2.1/24")
        self.assertIsNone(waits["v0 gone"].poll())
        self.namespace.batch(["link set v0 down", "link set v0 name w0"])
        self.assert_ends(waits["v0 gone"], "no link 'v0' is there")
        self.assert_ends(waits["w0 present"], "w0 is down (admin_down)")

    def test_down_after_up(self):
        self.namespace.batch(["link add v0 type veth peer name v1", "link set v0 up", "link set v1 up"])
        self.client.until(lambda fold: (fold.link("v0") or {}).get("state") == "up")
        waiting = self.begin("v0 down")
        self.namespace.ip("link", "set", "v1", "down")
        self.assert_ends(waiting, "v0 is down (")

    def test_in_vain(self):
        for condition, words in (("eth7 up", "no link 'eth7' is there"), ("lo down", "lo is up")):
            done = self.wait(condition, "--timeout", "300ms")
            self.assertEqual((done.returncode, done.stdout), (124, b""), done)
            self.assertIn(words, done.stderr.decode())
            self.assertIn("300ms", done.stderr.decode())

    def test_a_wrong_word(self):
        for argv, words in ((["eth0 usible"], "usable"), (["eth0"], "what should be true"), ([""], "eth0 usable"),
                            (["eth0 up", "--timeout", "soon"], "30s"), (["eth0 gone up"], "alone"), ([], "")):
            done = self.wait(*argv)
            self.assertEqual((done.returncode, done.stdout), (64, b""), done)
            self.assertIn(words, done.stderr.decode())

    def test_the_daemon_comes_back_to_a_changed_world(self):
        self.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
        self.client.until(lambda fold: fold.link("v0"))
        gone, present = self.begin("v0 gone"), self.begin("w7 present")
        self.assertEqual(self.daemon.terminate(), 0)
        self.namespace.batch(["link del v0", "link add w7 type veth peer name w8"])
        self.daemon = self.start(directory=self.daemon.directory)
        self.assert_ends(gone, "no link 'v0' is there")
        self.assert_ends(present, "w7 is down")

    def test_a_timeout_while_the_daemon_is_away(self):
        waiting = self.begin("eth7 up", "--timeout", "1s")
        self.daemon.terminate()
        _, told = waiting.communicate(timeout=20)
        self.assertEqual(waiting.returncode, 124)
        self.assertIn(b"not within 1s", told)

    def test_what_the_daemon_does_not_publish(self):
        self.daemon = self.start('[filter]\ninterface = ["eth*"]\n[http]\nlisten = []\n')
        done = self.wait("lo gone")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"publishes only a part", done.stderr)

"""`nlwatch verify`, on a daemon's stream and on one that was tampered with."""

from support import oracle, tamper
from support.case import DaemonCase
from support.daemon import EXECUTABLE


class Verify(DaemonCase):
    def setUp(self):
        super().setUp()
        self.daemon = self.start()
        self.client = self.daemon.settled_client()
        self.namespace.batch(["link add v0 type veth peer name v1", "link set v0 up",
                              "addr add 192.0.2.1/24 dev v0"])
        oracle.assert_agrees(self.namespace, self.client)

    def test_it_agrees(self):
        done = self.nlwatch("verify", "--dir", str(self.daemon.directory))
        self.assertEqual(done.returncode, 0, done)

    def test_it_says_what_differs(self):
        for spoil, words in ((tamper.change_mtu("v0", 1234), ("mtu", "1234", "1500")),
                             (tamper.forget("192.0.2.1"), ("192.0.2.1",)),
                             (tamper.invent_link("ghost0", 9999), ("/9999",))):
            with self.subTest(words), tamper.Tampered(self.daemon.stream, spoil) as directory:
                done = self.nlwatch("verify", "--dir", directory)
                self.assertEqual(done.returncode, 1, done)
                for word in words:
                    self.assertIn(word, done.stdout.decode())

    def test_without_a_daemon(self):
        done = self.nlwatch("verify", "--dir", str(self.daemon.home / "nowhere"))
        self.assertEqual(done.returncode, 69, done)
        self.assertIn("nowhere", done.stderr.decode())

    def test_a_daemon_that_refuses_is_not_reached(self):
        """And not: differs."""
        daemon = self.start("[http]\nlisten = []\n[stream]\nmax_clients = 1\n")
        client = daemon.settled_client()
        done = self.nlwatch("verify", "--dir", str(daemon.directory))
        self.assertEqual(done.returncode, 69, done)
        self.assertIn(b"max_clients", done.stderr)
        client.close()

    def test_from_another_namespace(self):
        other = self.another_namespace()
        done = other.run(EXECUTABLE, "verify", "--dir", str(self.daemon.directory), check=False)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("namespace", done.stderr.decode())

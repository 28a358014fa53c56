"""`systemctl reload` waits until the configuration is in force, and fails if it is refused; clients notice neither."""

from support.reader import Client, Hub
from systemd.case import STREAM, BoxCase


class Reload(BoxCase):
    def setUp(self):
        super().setUp()
        self.hub = Hub()
        self.addCleanup(self.hub.close)
        self.box.run("ip", "link", "add", "br0", "type", "bridge")
        self.addCleanup(self.box.run, "ip", "link", "del", "br0")

    def settled_client(self):
        client = Client(self.hub, self.box.path(STREAM))
        self.addCleanup(client.close)
        client.until(lambda fold: fold.settled)
        return client

    def next_record(self, client, mtu):
        """A change that is made now, as the client reads it."""
        since = len(client.lines)
        self.box.run("ip", "link", "set", "br0", "mtu", str(mtu))
        return client.until_record(lambda record: record["type"] == "link.changed" and record["object"]["mtu"] == mtu,
                                   since)

    def test_is_in_force_when_the_command_returns(self):
        pid = self.start(config='[tags]\nround = "0"\n')
        client = self.settled_client()
        for i in range(1, 11):
            self.configure(f'[tags]\nround = "{i}"\n')
            self.box.systemctl("reload", "nlwatch")
            self.assertEqual(self.next_record(client, 1300 + i)["tags"], {"round": str(i)})
        self.assertEqual(self.main_pid(), pid)
        self.assertFalse(client.ended)

    def test_of_a_bad_file_fails_and_changes_nothing(self):
        pid = self.start(config='[tags]\nsite = "fra1"\n')
        client = self.settled_client()
        self.configure('[tags]\nsite = "ber1"\n[steam]\n')
        done = self.box.systemctl("reload", "nlwatch", check=False)
        self.assertNotEqual(done.returncode, 0, "systemctl says that it was refused")
        self.assertEqual((self.state(), self.main_pid()), ("active", pid))
        self.assertIn("the last reload was refused", self.status_text())
        log = self.journal("-u", "nlwatch", "-o", "cat")
        self.assertIn("nlwatch.toml:3:2: error: unknown table [steam] (did you mean 'stream'?)", log)
        self.assertRegex(log, r"\n *\[steam\]\n +\^")
        self.assertEqual(self.next_record(client, 1400)["tags"], {"site": "fra1"})

        self.configure('[tags]\nsite = "ber1"\n')
        self.box.systemctl("reload", "nlwatch")
        self.assertNotIn("refused", self.status_text())
        self.assertEqual(self.next_record(client, 1401)["tags"], {"site": "ber1"})
        self.assertFalse(client.ended)

    def test_by_hand_says_what_is_wrong_and_returns_78(self):
        self.start(config="")
        self.configure("[steam]\n")
        done = self.box.run("nlwatch", "reload", check=False)
        self.assertEqual(done.returncode, 78)
        self.assertIn("nlwatch.toml:1:2: error: unknown table [steam]", done.stderr.decode())
        self.assertIn("\n  [steam]\n   ^~~~~\n", done.stderr.decode())
        self.configure("")
        self.assertEqual(self.box.run("nlwatch", "reload", check=False).returncode, 0)

    def test_by_signal_as_well(self):
        self.start(config="")
        client = self.settled_client()
        self.configure('[tags]\nsite = "ber1"\n')
        self.box.systemctl("kill", "-s", "HUP", "nlwatch")
        mtu = iter(range(1300, 1400))
        self.until(lambda: self.next_record(client, next(mtu)).get("tags") == {"site": "ber1"}, "it is in force")

"""When the service is active, what it says of itself meanwhile, how it logs, and how it ends."""

import re

from support.reader import Client, Hub
from systemd.case import STREAM, BoxCase

_TIME = re.compile(r"\d\d:\d\d:\d\d")


class Start(BoxCase):
    def setUp(self):
        super().setUp()
        self.hub = Hub()
        self.addCleanup(self.hub.close)

    def client(self):
        client = Client(self.hub, self.box.path(STREAM))
        self.addCleanup(client.close)
        client.until(lambda fold: fold.settled)
        return client

    def bridge(self, name):
        self.box.run("ip", "link", "add", name, "type", "bridge")
        self.addCleanup(self.box.run, "ip", "link", "del", name, check=False)

    def test_is_active_only_when_all_that_is_there_is_known(self):
        self.bridge("br0")
        many = "".join(f"addr add 10.{i // 250}.{i % 250}.1/32 dev br0\n" for i in range(5000))
        self.box.run("ip", "-batch", "-", input=many.encode())
        for _ in range(5):
            self.start()
            self.assertRegex(self.status_text(), r"^following 2 links and 500[1-9] addresses; ")
            self.assertEqual(self.state(), "active")
            self.box.systemctl("stop", "nlwatch")

    def test_status_follows_what_is_there_and_who_reads(self):
        self.start()
        self.assertRegex(self.status_text(), r"^following 1 link and \d address(es)?; 0 stream clients")
        self.bridge("br0")
        self.until(lambda: self.status_text().startswith("following 2 links "), "the status counts the new link")
        client = self.client()
        self.until(lambda: "; 1 stream client" in self.status_text(), "the status counts the client")
        client.close()
        self.until(lambda: "; 0 stream clients" in self.status_text(), "the status counts no client")

    def test_stops_in_order_and_its_sockets_stay(self):
        self.start()
        client = self.client()
        self.box.systemctl("stop", "nlwatch")
        client.until_end()
        self.assertEqual(client.torn, b"")
        self.assertEqual(self.box.show("nlwatch", "Result"), "success")
        self.assertEqual(self.box.show("nlwatch", "ExecMainStatus"), "0")
        for unit in ("nlwatch.socket", "nlwatch-http.socket", "nlwatch-control.socket"):
            self.assertEqual(self.box.show(unit, "SubState"), "listening", unit)

    def test_the_journal_has_priorities_and_no_second_time(self):
        self.bridge("br0")
        # More than any kernel grants without CAP_NET_ADMIN, which is told as a warning.
        self.start(config='[netlink]\nreceive_buffer = "1 GiB"\nreceive_buffer_max = "1 GiB"\n')
        self.box.run("ip", "link", "set", "br0", "up")
        self.box.run("ip", "link", "set", "br0", "down")
        self.until(lambda: "br0" in self.journal("-u", "nlwatch"), "the log tells of the link")
        entries = self.own_entries()
        self.assertGreater(len(entries), 2)
        for entry in entries:
            self.assertIsInstance(entry["MESSAGE"], str, entry)  # else journald found bytes that are no text
            self.assertNotRegex(entry["MESSAGE"], r"^<\d>")
            self.assertIsNone(_TIME.search(entry["MESSAGE"]), entry["MESSAGE"])
        priorities = {entry["PRIORITY"] for entry in entries}
        self.assertLessEqual({"4", "6"}, priorities, "informations, and a warning for the receive buffer")
        warning = next(entry["MESSAGE"] for entry in entries if entry["PRIORITY"] == "4")
        self.assertIn("net.core.rmem_max", warning)

    def test_a_configuration_that_cannot_be_used_is_shown_where_people_look(self):
        self.configure('[stream]\nmax_client = 3\n')
        done = self.box.systemctl("start", "nlwatch", check=False)
        self.assertNotEqual(done.returncode, 0)
        log = self.journal("-u", "nlwatch", "-o", "cat")
        self.assertIn("nlwatch.toml:2:1: error: unknown key 'max_client'", log)
        self.assertRegex(log, r"\n +max_client = …\n +\^")
        self.assertEqual(self.box.show("nlwatch", "ExecMainStatus"), "78")
        # It is tried again, once a second, and needs nobody once the file is right.
        self.configure("[stream]\nmax_clients = 3\n")
        self.until(lambda: self.state() == "active", "the service has come by itself")

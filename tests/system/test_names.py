"""Names of any bytes go through stream, monitor and log without harm."""

import json

from support import oracle
from support.case import DaemonCase
from support.daemon import wait_until
from support.monitor import Monitor
from support.rtnetlink import Requests
from support.schema import Schema

NAMES = (b"eth\xff", b'a"b', b"<script>", b"e\x1b[31msc", b"back\\slash", b"\x7f\x01\xc3\xa9", b"\xe2\x82")
ALIAS = b'two\nlines, a "quote", \x1b[2J and \xff\xe2\x82'
ALTNAME = b"new\nline\x1b\xfe"


class Names(DaemonCase):
    def setUp(self):
        super().setUp()
        self.daemon = self.start()
        self.client = self.daemon.settled_client()
        self.requests = Requests(self.namespace)
        self.addCleanup(self.requests.close)

    def make_all(self):
        for number, name in enumerate(NAMES):
            self.requests.add_veth(name, b"peer%d" % number)
            self.client.until(lambda fold: fold.link(f"peer{number}"))
            index = self.client.fold.link(f"peer{number}")["ifindex"]
            self.namespace.batch([f"link set peer{number} up", f"addr add 10.0.{number}.1/24 dev peer{number}"])
            self.client.until(lambda fold: fold.address(f"10.0.{number}.1"))
            self.requests.rename(index, b"p" + name)
        other = self.client.until(lambda fold: fold.link("<script>"))["ifindex"]
        self.requests.set_alias(other, ALIAS)
        self.requests.add_altname(other, ALTNAME)
        self.requests.add_altname(other, b"plain")
        return other

    def test_the_stream(self):
        index = self.make_all()
        oracle.assert_agrees(self.namespace, self.client)
        by_index = {link["ifindex"]: link for link in self.client.fold.links()}
        link = by_index[index]
        self.assertEqual(link["ifalias"], 'two\nlines, a "quote", \x1b[2J and \ufffd\ufffd\ufffd')
        self.assertEqual(bytes.fromhex(link["ifalias_hex"]), ALIAS)
        self.assertEqual([bytes.fromhex(name) for name in link["altnames_hex"]], [ALTNAME, b"plain"])
        raw = {bytes.fromhex(each["ifname_hex"]) if "ifname_hex" in each else each["ifname"].encode()
               for each in self.client.fold.links()}
        self.assertLessEqual({*NAMES, *(b"p" + name for name in NAMES)}, raw)
        self.assertNotIn("ifname_hex", self.client.fold.link("<script>"))

    def test_the_schema(self):
        self.make_all()
        oracle.settle(self.namespace, self.client)
        schema = Schema()
        for record in self.client.records():
            schema.check(record)

    def test_lines_stay_lines(self):
        self.make_all()
        oracle.settle(self.namespace, self.client)
        for line in self.client.lines:
            text = line.decode("utf-8")
            json.loads(text)
            self.assertFalse([byte for byte in text if byte < " "], "no raw control byte in a line")

    def test_the_log(self):
        self.make_all()
        oracle.settle(self.namespace, self.client)
        wait_until(lambda: "10.0.6.1" in self.daemon.log(), "the log tells of the last address")
        self.assert_harmless((self.daemon.home / "stderr").read_bytes())

    def test_monitor_in_a_pipe(self):
        monitor = Monitor(self.namespace)
        monitor.until(lambda fold: fold.settled)
        self.make_all()
        oracle.assert_agrees(self.namespace, monitor)
        self.assertEqual(monitor.finish(), 0)
        self.assert_harmless(monitor.output)

    def test_monitor_as_text(self):
        monitor = Monitor(self.namespace, "-o", "short", "--color", "never")
        monitor.until_following()
        self.make_all()
        monitor.until_told("plain")
        self.assertEqual(monitor.finish(), 0)
        self.assert_harmless(monitor.output)
        for word in ("<script>", 'a"b', r"eth\xff", r"e\x1b[31msc", r"back\x5cslash", r"new\x0aline\x1b\xfe"):
            self.assertIn(word, monitor.text())

    def assert_harmless(self, output):
        output.decode("utf-8")
        self.assertFalse([byte for byte in output if byte < 0x20 and byte != 0x0a], "no raw control byte")
        self.assertNotIn(0x7f, output)

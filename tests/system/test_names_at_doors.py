"""Names of any bytes at the doors of the daemon: metrics, HTTP, the log as text and JSON, show and status."""

import json
import re
import subprocess

from support import oracle
from support.case import DaemonCase
from support.daemon import wait_until
from support.rtnetlink import Requests
from support.web import Follower, ask, series

NAMES = {b"eth\xff": r"eth\xff", b'a"b': 'a"b', b"<script>": "<script>", b"e\x1b[31msc": r"e\x1b[31msc",
         b"back\\slash": r"back\x5cslash", b"\x7f\x01\xc3\xa9": "\\x7f\\x01\u00e9", b"{x=1}": "{x=1}"}
ALIAS = b'two\nlines # HELP "quote", \x1b[2J and \xff\xe2\x82'
OTHER = b"new\nline\x1b\xfe"


def raw_name(link):
    """The name as the kernel holds it, of a link's object."""
    return bytes.fromhex(link["ifname_hex"]) if "ifname_hex" in link else link["ifname"].encode()


class NamesAtDoors(DaemonCase):
    def setUp(self):
        super().setUp()
        self.daemon = self.start("")
        self.http = self.daemon.directory / "http.sock"
        self.client = self.daemon.settled_client()
        self.requests = Requests(self.namespace)
        self.addCleanup(self.requests.close)

    def make_all(self):
        """All up: of a new alias the kernel says nothing while a link is down."""
        for number, name in enumerate(NAMES):
            self.requests.add_veth(name, b"peer%d" % number)
            index = self.client.until(lambda fold: self.index_of(name))
            self.namespace.ip("link", "set", f"peer{number}", "up")
            self.namespace.ip("link", "set", "dev", name, "up")
            self.requests.set_alias(index, ALIAS)
            self.requests.add_altname(index, OTHER + b"%d" % number)
        oracle.settle(self.namespace, self.client)

    def index_of(self, name):
        """The ifindex of the link of that name (bytes); None = it is not there yet."""
        return next((link["ifindex"] for link in self.client.fold.links() if raw_name(link) == name), None)

    def assert_harmless(self, output):
        """As text on a terminal: UTF-8, and no control bytes but the ends of lines."""
        output.decode("utf-8")
        self.assertFalse([byte for byte in output if byte < 0x20 and byte != 0x0a], "no raw control byte")
        self.assertNotIn(0x7f, output)

    def test_metrics(self):
        self.make_all()
        status, body = ask(self.http, "/metrics")
        self.assertEqual(status, 200)
        self.assert_harmless(body)
        checked = subprocess.run(["promtool", "check", "metrics"], input=body, capture_output=True)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, b"", b""))
        told = series(body.decode())
        for label in NAMES.values():
            escaped = label.replace("\\", "\\\\").replace('"', '\\"')
            self.assertIn(f'nlwatch_link_up{{device="{escaped}"}}', told)

    def test_state_and_events(self):
        follower = Follower(self.hub, self.http)
        sse = Follower(self.hub, self.http, sse=True)
        for each in (follower, sse):
            self.addCleanup(each.close)
        self.make_all()
        for reader in (follower, sse):
            oracle.assert_agrees(self.namespace, reader)
            for line in reader.lines:
                self.assertFalse([char for char in line.decode("utf-8") if char < " "])
        oracle.assert_agrees(self.namespace, self.client)
        status, body = ask(self.http, "/v1/state")
        self.assertEqual(status, 200)
        self.assertFalse([byte for byte in body.rstrip(b"\n") if byte < 0x20])
        state = json.loads(body.decode("utf-8"))
        self.assertEqual(state["objects"], self.client.fold.objects)

    def test_a_filter_of_such_bytes(self):
        """A pattern in a query is bytes, too."""
        self.make_all()
        for pattern, name in (("eth%ff", b"eth\xff"), ("%3Cscr*", b"<script>"), ("e%1b*", b"e\x1b[31msc"),
                              ("a%22b", b'a"b')):
            status, body = ask(self.http, f"/v1/events?interface={pattern}&kind=link&limit=0")
            self.assertEqual(status, 200, body)
            rows = [row for row in map(json.loads, body.splitlines()) if row.get("origin") == "snapshot"]
            self.assertEqual({raw_name(row["object"]) for row in rows}, {name}, pattern)

    def test_log_files(self):
        paths = {form: self.daemon.home / form for form in ("text", "json")}
        (self.daemon.home / "nlwatch.toml").write_text("".join(
            f'[[sink]]\nname = "{form}"\ntype = "log"\nfilter = {{ }}\nformat = "{form}"\nfile = "{path}"\n'
            for form, path in paths.items()))
        status, answer = ask(self.daemon.directory / "control.sock", "/v1/reload", "POST")
        self.assertEqual(status, 200, answer)
        self.make_all()
        last = self.client.fold.link("lo")["ifalias"].encode()
        for path in paths.values():
            wait_until(lambda: last in path.read_bytes(), "all is written")
            self.assert_harmless(path.read_bytes())
        for line in paths["json"].read_bytes().splitlines():
            self.assertEqual(json.loads(line)["schema"], 1)
        text = paths["text"].read_text(encoding="utf-8")
        for line in text.splitlines():
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT\S+ info ")
        for label in NAMES.values():
            self.assertIn(label, text)
        self.assert_harmless(self.daemon.log().encode())

    def test_show_and_status(self):
        self.make_all()
        place = ("--dir", str(self.daemon.directory))
        for argv in (["show", "links"], ["show", "addresses"], ["status"], ["status", "-o", "json"]):
            done = self.nlwatch(*argv, *place)
            self.assertEqual((done.returncode, done.stderr), (0, b""), done)
            self.assert_harmless(done.stdout)
        table = self.nlwatch("show", "links", *place).stdout.decode()
        for label in NAMES.values():
            self.assertEqual(len(re.findall(rf"(?m)^\d+ +{re.escape(label)} ", table)), 1, label)
        self.assertEqual(len(table.splitlines()), 1 + len(self.client.fold.links()), "a line each, and one of heads")
        rows = json.loads(self.nlwatch("show", "links", "-o", "json", *place).stdout)
        self.assertEqual(len(rows), len(self.client.fold.links()))

"""`nlwatch show`: what the daemon holds, as a table and as iproute2 has it."""

import json
import os
import stat

from support import iproute, oracle
from support.case import DaemonCase
from support.daemon import EXECUTABLE
from support.monitor import Show
from support.rtnetlink import Requests

NETWORK = ["link add br0 type bridge", "link add v0 type veth peer name v1", "link set v0 up", "link set v1 up",
           "link set v1 master br0", "addr add 192.0.2.1/24 dev v0", "addr add 2001:db8::1/64 dev v0",
           "addr add 10.0.0.1 peer 10.0.0.2/32 dev br0"]
ESC = b"\x1b"


class Case(DaemonCase):
    def setUp(self):
        super().setUp()
        self.daemon = self.start()
        self.client = self.daemon.settled_client()
        self.namespace.batch(NETWORK)
        oracle.assert_agrees(self.namespace, self.client)

    def show(self, *argv, **options):
        done = self.nlwatch("show", *argv, "--dir", str(self.daemon.directory), **options)
        self.assertEqual((done.returncode, done.stderr), (0, b""), done)
        return done.stdout.decode()


class Tables(Case):
    def test_links(self):
        title, *rows = [line.split() for line in self.show("links").splitlines()]
        self.assertEqual(title[:4], ["INDEX", "NAME", "STATE", "KIND"])
        truth = iproute.show(self.namespace, "link")
        self.assertEqual([(int(row[0]), row[1]) for row in rows],
                         sorted((link["ifindex"], link["ifname"]) for link in truth))
        v1 = next(row for row in rows if row[1] == "v1")
        self.assertEqual((v1[2], v1[3]), ("up", "veth"))
        self.assertIn("br0", v1)

    def test_addresses(self):
        lines = self.show("addresses").splitlines()
        held = {key: value for key, value in self.client.fold.objects.items() if key.startswith("address/")}
        self.assertEqual(len(lines), 1 + len(held))
        text = "\n".join(lines)
        self.assertRegex(text, r"v0 +inet +192\.0\.2\.1/24 +global +usable")
        self.assertRegex(text, r"br0 +inet +10\.0\.0\.1/32 peer 10\.0\.0\.2")
        self.assertRegex(text, r"lo +inet +127\.0\.0\.1/8 +host +usable")

    def test_filters(self):
        self.assertEqual([line.split()[1] for line in self.show("links", "-i", "v*").splitlines()[1:]], ["v1", "v0"])
        self.assertEqual(len(self.show("links", "--link-kind", "bridge").splitlines()), 2)
        self.assertEqual(self.show("links", "-i", "nothing*"), "")

    def test_a_wrong_word(self):
        for argv in (["nodes"], [], ["links", "--frobnicate"]):
            done = self.nlwatch("show", *argv)
            self.assertEqual(done.returncode, 64, done)
            self.assertTrue(done.stderr)

    def test_names_of_any_bytes(self):
        requests = Requests(self.namespace)
        self.addCleanup(requests.close)
        requests.add_veth(b"e\x1b[31m\xff", b"peer")
        oracle.settle(self.namespace, self.client)
        for what in ("links", "addresses"):
            for form in ((), ("-o", "json")):
                output = self.nlwatch("show", what, *form, "--dir", str(self.daemon.directory)).stdout
                output.decode("utf-8")
                self.assertFalse([byte for byte in output if byte < 0x20 and byte != 0x0a])
        self.assertIn(r"e\x1b[31m\xff", self.show("links"))

    def test_what_the_daemon_does_not_publish(self):
        daemon = self.start('[filter]\ninterface = ["v*"]\n[http]\nlisten = []\n')
        done = self.nlwatch("show", "links", "--dir", str(daemon.directory))
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"only a part", done.stderr)
        self.assertEqual([line.split()[1] for line in done.stdout.splitlines()[1:]], [b"v1", b"v0"])


class Json(Case):
    def test_links_are_those_of_iproute2(self):
        held = json.loads(self.show("links", "-o", "json"))
        self.assertEqual(held, [self.client.fold.objects[key] for key in sorted(
            (key for key in self.client.fold.objects if key.startswith("link/")),
            key=lambda key: int(key.split("/")[-1]))])

    def test_addresses_are_those_of_iproute2(self):
        netns = self.client.fold.netns
        objects = {}
        for link in json.loads(self.show("addresses", "-o", "json")):
            for address in link.pop("addr_info"):
                self.assertNotIn("ifindex", address)
                key = f"address/{netns}/{link['ifindex']}/{address['family']}/{address['local']}"
                if address["family"] == "inet":
                    key += f"/{address['prefixlen']}/{address.get('address', address['local'])}"
                objects[key] = {**address, "ifindex": link["ifindex"], "ifname": link["ifname"]}
            objects[f"link/{netns}/{link['ifindex']}"] = link
        self.assertEqual(oracle.differences(objects, oracle.kernel_objects(self.namespace, netns)), [])


class OnATerminal(Case):
    def on_terminal(self, *argv, **options):
        shown = Show(self.namespace, *argv, "--dir", str(self.daemon.directory), terminal=True, **options)
        self.assertEqual(shown.wait_for_end(), 0, shown.output)
        return shown

    def test_it_is_cut_at_its_width(self):
        for columns in (10, 24, 40, 63):
            shown = self.on_terminal("links", columns=columns)
            lines = shown.text().splitlines()
            self.assertGreaterEqual(len(lines), 5)
            self.assertEqual({len(line) for line in lines if line.endswith("…")}, {columns}, lines)
            self.assertFalse([line for line in lines if len(line) > columns], lines)
            self.assertEqual(shown.output.count(ESC + b"[0m"), shown.output.count(ESC) // 2, "each colour ends")
        self.assertIn(ESC + b"[32mup", self.on_terminal("links").output)

    def test_columns_say_more_than_the_terminal(self):
        shown = self.on_terminal("links", environment={"COLUMNS": "200"}, columns=20)
        self.assertNotIn("…", shown.text())
        for wrong in ("", "0", "-3", "wide"):
            self.assertIn("…", self.on_terminal("links", environment={"COLUMNS": wrong}, columns=20).text())

    def test_a_pipe_is_as_wide_as_it_gets_and_plain(self):
        whole = self.show("links", env={**os.environ, "COLUMNS": "10"})
        self.assertNotIn("…", whole)
        self.assertNotIn("\x1b", whole)

    def test_no_colour(self):
        self.assertNotIn(ESC, self.on_terminal("links", environment={"NO_COLOR": "1"}).output)
        self.assertNotIn(ESC, self.on_terminal("links", "--color", "never").output)
        self.assertIn("\x1b[32m", self.show("links", "--color", "always"))


class Refusals(DaemonCase):
    def as_nobody(self, *argv):
        return self.namespace.run("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                                  EXECUTABLE, *argv, check=False)

    def open_to_all(self, daemon):
        """Its folder, which tests make for their own user only."""
        for folder in (daemon.home, daemon.directory):
            os.chmod(folder, 0o755)

    def test_no_daemon(self):
        for argv in (["show", "links"], ["status"], ["wait", "lo up"], ["tail"], ["reload"]):
            done = self.nlwatch(*argv, "--dir", "/nowhere")
            self.assertEqual(done.returncode, 69, done)
            self.assertIn(b"/nowhere", done.stderr)
            self.assertIn(b"nlwatch run", done.stderr)
            self.assertEqual(done.stdout, b"")

    def test_a_daemon_that_is_dead(self):
        daemon = self.start()
        daemon.process.kill()
        daemon.wait()
        done = self.nlwatch("status", "--dir", str(daemon.directory))
        self.assertEqual(done.returncode, 69, done)
        self.assertIn(b"refused", done.stderr)

    def test_whom_the_sockets_let_in(self):
        daemon = self.start('[http]\nmode = "0660"\ngroup = "adm"\n')
        daemon.settled_client()
        self.open_to_all(daemon)
        for argv in (["show", "links"], ["status"], ["wait", "lo up"], ["tail"]):
            done = self.as_nobody(*argv, "--dir", str(daemon.directory))
            self.assertEqual(done.returncode, 77, done)
            self.assertIn(b"group adm", done.stderr)
            self.assertIn(b"nlwatch monitor", done.stderr)
        done = self.as_nobody("reload", "--dir", str(daemon.directory))
        self.assertEqual(done.returncode, 77, done)
        self.assertIn(b"only root may", done.stderr)

    def test_a_folder_that_is_closed(self):
        daemon = self.start()
        os.chmod(daemon.home, stat.S_IRWXU)
        done = self.as_nobody("status", "--dir", str(daemon.directory))
        self.assertEqual(done.returncode, 77, done)

    def test_a_path_that_is_too_long(self):
        done = self.nlwatch("status", "--dir", "/tmp/" + "x" * 200)
        self.assertEqual(done.returncode, 64, done)


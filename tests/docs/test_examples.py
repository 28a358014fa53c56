"""The guide's programs, as its readers would start them: each prints what the test does to the network."""

import importlib.util
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest

from support.case import DaemonCase
from support.daemon import wait_until
from support.relay import Relay

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "examples"


class Program:
    """An example that runs, and what it has printed. Its whole process group ends with close()."""

    def __init__(self, *argv):
        self._output = tempfile.TemporaryFile()
        self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=self._output,
                                        stderr=subprocess.STDOUT, start_new_session=True)

    def text(self):
        # Without a seek: the place in the file is the program's, too, and it would go on writing from there.
        return os.pread(self._output.fileno(), os.fstat(self._output.fileno()).st_size, 0).decode()

    def expect(self, pattern):
        """Waits for a line that holds the pattern."""
        def look():
            if self.process.poll() is not None:
                raise AssertionError(f"it ended with {self.process.returncode}:\n{self.text()}")
            return re.search(pattern, self.text(), re.MULTILINE)
        try:
            return wait_until(look, f"it prints {pattern}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it printed:\n{self.text()}") from None

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self._output.close()


class TheNetworkOfFollow(unittest.TestCase):
    """follow.py's class, on the stream of a reader that was too slow twice."""

    def test_a_snapshot_that_begins_again(self):
        spec = importlib.util.spec_from_file_location("follow", EXAMPLES / "follow.py")
        follow = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(follow)
        before, after = {"ifname": "eth0", "mtu": 1500}, {"ifname": "eth0", "mtu": 9000}
        other = {"ifname": "eth1", "mtu": 1500}
        network = follow.Network({"run": "r", "seq": 4, "settled": True, "objects": {"a": before, "b": other}})

        def read(kind, **members):
            return list(network.read({"run": "r", "seq": 9, "type": kind, **members}))

        def row(key, value):
            return read("link.added", origin="snapshot", key=key, object=value)

        told = [*read("gap", to=9), *read("snapshot.begin"), *row("a", before), *read("gap", to=9)]
        self.assertEqual((network.position, network.objects), ("r:4", {"a": before, "b": other}), "as of its position")
        told += [*read("snapshot.begin"), *row("a", after), *row("b", other), *read("snapshot.end", settled=True)]
        self.assertEqual(told, [("while away", before, after)])
        self.assertEqual((network.position, network.objects), ("r:9", {"a": after, "b": other}))


class Examples(DaemonCase):
    def setUp(self):
        super().setUp()
        self.namespace.batch(["link add v1 type veth peer name v2", "link set v1 up", "link set v2 up"])
        self.daemon = self.start()
        self.daemon.settled_client().close()
        self.folder = tempfile.TemporaryDirectory(prefix="nlwatch-test-")
        self.addCleanup(self.folder.cleanup)

    def program(self, *argv):
        started = Program(*(str(word) for word in argv))
        self.addCleanup(started.close)
        return started

    def restart(self, while_away):
        self.assertEqual(self.daemon.terminate(), 0)
        while_away()
        self.daemon = self.start(directory=self.daemon.directory)

    def wait_for_readers(self, transport):
        """Until one reader of this transport is served."""
        def served():
            metrics = self.namespace.run("curl", "-s", "http://127.0.0.1:9617/metrics").stdout.decode()
            return re.search(rf'^nlwatch_subscribers{{transport="{transport}"}} 1$', metrics, re.MULTILINE)
        wait_until(served, f"a reader by {transport} is served")

    def test_down_sh(self):
        program = self.program(EXAMPLES / "down.sh", self.daemon.stream)
        self.wait_for_readers("stream")
        self.namespace.ip("link", "set", "v2", "down")
        program.expect(r'^\["20[^"]+Z","v2","admin_down"\]$')
        program.expect(r'^\["20[^"]+Z","v1","lower_layer_down"\]$')

    def test_usable_sh(self):
        place = pathlib.Path(self.folder.name) / "place"
        program = self.program(EXAMPLES / "usable.sh", self.daemon.directory / "http.sock", place)
        self.wait_for_readers("ndjson")
        self.namespace.ip("addr", "add", "192.0.2.1/24", "dev", "v1")
        program.expect(r'^usable \["v1","192\.0\.2\.1"\]$')
        wait_until(place.exists, "the place is written")
        program.close()
        self.namespace.ip("addr", "add", "192.0.2.2/24", "dev", "v1")
        again = self.program(EXAMPLES / "usable.sh", self.daemon.directory / "http.sock", place)
        again.expect(r'^usable \["v1","192\.0\.2\.2"\]$')
        self.assertNotIn("192.0.2.1", again.text(), "it goes on where it was")
        self.restart(lambda: None)
        again.expect('^gap "other_run"$')
        self.namespace.ip("addr", "add", "192.0.2.3/24", "dev", "v1")
        again.expect(r'^usable \["v1","192\.0\.2\.3"\]$')

    def test_usable_sh_says_what_the_daemon_refuses(self):
        place = pathlib.Path(self.folder.name) / "place"
        place.write_text("nonsense\n")
        program = self.program(EXAMPLES / "usable.sh", self.daemon.directory / "http.sock", place)
        program.expect("^error .*nonsense")

    def test_follow_py(self):
        relay = Relay(self.daemon.directory / "http.sock")
        self.addCleanup(relay.close)
        program = self.program(EXAMPLES / "follow.py", relay.directory + "/http.sock")
        program.expect(r"^\d+ objects as of [0-9a-f]{16}:\d+$")
        self.namespace.ip("link", "set", "v1", "mtu", "1400")
        program.expect("^link.changed 'v1' .*mtu 1500 -> 1400")
        # Cut off, it goes on at its position: nothing is missed, nothing told twice, and there is no gap.
        relay.cut()
        self.namespace.ip("addr", "add", "192.0.2.1/24", "dev", "v1")
        program.expect(r"^address.added 'v1' 192\.0\.2\.1 is new$")
        self.assertNotIn("gap", program.text())
        self.assertEqual(program.text().count("1500 -> 1400"), 1)
        self.namespace.ip("addr", "del", "192.0.2.1/24", "dev", "v1")
        program.expect(r"^address.removed 'v1' 192\.0\.2\.1 is gone$")
        # Another daemon cannot know what the first one told: a gap, and from the snapshot what is different.
        self.restart(lambda: self.namespace.batch(["link set v1 mtu 1300", "addr add 192.0.2.3/24 dev v2"]))
        program.expect("^gap: other_run$")
        program.expect("^while away 'v1' .*mtu 1400 -> 1300")
        program.expect(r"^while away 'v2' 192\.0\.2\.3 is new$")
        self.namespace.ip("link", "del", "v1")
        program.expect("^link.removed 'v1'  is gone$")

    def test_follow_cpp(self):
        built = self.folder.name + "/follow"
        subprocess.run(["g++", "-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror", "-o", built,
                        EXAMPLES / "follow.cpp"], check=True)
        program = self.program(built, self.daemon.stream)
        program.expect("^connected$")
        self.wait_for_readers("stream")
        self.namespace.ip("link", "set", "v1", "mtu", "1400")
        program.expect(r'^"link.changed" "v1" \[\] \{"mtu":1500\}$')
        # A name may hold what looks like JSON.
        hostile = '"},{"\\'
        self.namespace.batch(["link set v2 down"])
        self.namespace.ip("link", "set", "v2", "name", hostile)
        program.expect(re.escape(r'"link.changed" "\"},{\"\\" ["renamed"] {"ifname":"v2"}'))
        self.restart(lambda: None)
        program.expect("(?s)^connected$.*^connected$")
        self.wait_for_readers("stream")
        self.namespace.ip("link", "set", "v1", "mtu", "1300")
        program.expect(r'^"link.changed" "v1" \[\] \{"mtu":1400\}$')

"""`nlwatch tail`: the daemon's stream, across its restarts."""

import json
import re
import signal
import subprocess

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import EXECUTABLE, scaled, wait_until
from support.fold import Fold
from support.monitor import Tail
from support.relay import Relay

ESC = b"\x1b"


class Case(DaemonCase):
    def setUp(self):
        super().setUp()
        self.daemon = self.start()
        self.client = self.daemon.settled_client()

    def tail(self, *options, **more):
        return Tail(self.namespace, "--dir", str(self.daemon.directory), *options, **more)

    def restart(self):
        """Another process at the same sockets."""
        self.assertEqual(self.daemon.terminate(), 0)
        self.daemon = self.start(directory=self.daemon.directory)
        self.client = self.daemon.settled_client()


class InAPipe(Case):
    def test_its_lines_are_those_of_the_stream(self):
        tail = self.tail()
        tail.until(lambda fold: fold.settled)
        storm = churn.Storm(seed=5)
        self.namespace.batch(storm.cast())
        self.namespace.batch(storm.changes(scaled(600)), force=True)
        oracle.assert_agrees(self.namespace, tail)
        self.client.until(lambda fold: fold.seq >= tail.fold.seq)
        numbered = [line for line in self.client.lines if b'"origin":"snapshot"' not in line and b'"key"' in line]
        told = [line for line in tail.lines() if b'"origin":"snapshot"' not in line and b'"key"' in line]
        self.assertGreater(len(told), 50)
        self.assertEqual(told, numbered[:len(told)])
        self.assertEqual(tail.finish(), 0)
        self.assertTrue(tail.output.endswith(b"\n"), "the last line is whole")

    def test_filters(self):
        tail = self.tail("-i", "v*", "--transition", "state_up")
        wait_until(lambda: tail.lines(), "it says hello")
        self.assertEqual(tail.records()[0]["foldable"], False)
        self.namespace.batch(["link add v0 type veth peer name w0", "link set v0 up", "link set w0 up"])
        wait_until(lambda: b'"state_up"' in tail.output.partition(b"\n")[2], "it tells of v0")
        self.assertEqual([record["object"]["ifname"] for record in tail.records() if "object" in record], ["v0"])
        self.assertEqual(tail.finish(), 0)

    def test_since_and_limits(self):
        self.namespace.batch(["link add v0 type veth peer name v1", "link set v0 up", "link set v1 up"])
        oracle.settle(self.namespace, self.client)
        first = next(record for record in self.client.records() if record.get("origin") == "live")
        since = f"{first['run']}:{first['seq']}"
        tail = self.tail("--since", since, "--limit", "2")
        self.assertEqual(tail.wait_for_end(), 0)
        self.assertEqual([record["seq"] for record in tail.records()[1:]], [first["seq"] + 1, first["seq"] + 2])
        tail = self.tail("--limit", "0")
        self.assertEqual(tail.wait_for_end(), 0)
        self.assertEqual(tail.records()[-1]["type"], "snapshot.end")

    def test_a_wrong_word(self):
        for options, word in ((["--transition", "state_dwon"], b"state_down"), (["--kind", "lnk"], b"link"),
                              (["--since", "yesterday"], b"position"),
                              (["--snapshot", "--transition", "state_up"], b"snapshot"),
                              (["--since", f"{self.client.fold.run}:9999999"], b"9999999")):
            done = self.nlwatch("tail", *options, "--dir", str(self.daemon.directory))
            self.assertEqual(done.returncode, 64, done)
            self.assertIn(word, done.stderr)
            self.assertEqual(done.stdout, b"")

    def test_both_signals_end_it_with_success(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            tail = self.tail()
            tail.until(lambda fold: fold.settled)
            self.assertEqual(tail.finish(number), 0)

    def test_a_closed_pipe_ends_it_quietly(self):
        tail = self.namespace.popen(EXECUTABLE, "tail", "--dir", str(self.daemon.directory),
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertIn(b'"hello"', tail.stdout.readline())
        tail.stdout.close()

        def ended():
            self.namespace.batch(["link set lo mtu 60000", "link set lo mtu 60001"])  # it has to write to find out
            return tail.poll() is not None

        wait_until(ended, "tail ends")
        self.assertEqual(tail.returncode, 0)
        self.assertEqual(tail.stderr.read(), b"")


class AcrossRestarts(Case):
    def test_a_view_goes_on_and_is_told_what_is_missing(self):
        tail = self.tail()
        tail.fold = Fold()  # the laws are those of one connection
        tail.until(lambda fold: fold.settled)
        for number in range(3):
            self.restart()
            self.namespace.ip("link", "add", f"v{number}", "type", "veth", "peer", "name", f"w{number}")
            oracle.assert_agrees(self.namespace, tail)
        kinds = [record["type"] for record in tail.records()]
        self.assertEqual((kinds.count("hello"), kinds.count("gap")), (4, 3))
        self.assertEqual({record["reason"] for record in tail.records() if record["type"] == "gap"}, {"other_run"})
        self.assertEqual(tail.finish(), 0)

    def test_one_that_was_quiet_is_told_too(self):
        tail = self.tail("--no-snapshot")
        wait_until(lambda: tail.lines(), "it says hello")
        self.restart()
        wait_until(lambda: b'"gap"' in tail.output, "the gap is told")
        self.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
        wait_until(lambda: b'"ifname":"v0"' in tail.output, "it goes on")
        self.assertEqual([record["type"] for record in tail.records()][:3], ["hello", "hello", "gap"])
        self.assertEqual(tail.finish(), 0)

    def test_it_says_that_it_waits_and_that_a_new_run_began(self):
        tail = self.tail(terminal=True, columns=500)
        tail.until_following()
        self.assertEqual(self.daemon.terminate(), 0)
        tail.until_told("waiting for it")
        self.daemon = self.start(directory=self.daemon.directory)
        tail.until_told("a new run")
        tail.until_told("records are missing")
        self.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
        tail.until_told("v0")
        self.assertEqual(tail.text().count("waiting for it"), 1, "told once")
        self.assertEqual(tail.finish(), 0)

    def test_signals_are_heard_while_it_waits(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            tail = self.tail(terminal=True)
            tail.until_following()
            self.daemon.terminate()
            tail.until_told("waiting for it")
            self.assertEqual(tail.finish(number), 0)
            self.daemon = self.start()

    def test_a_connection_that_is_cut_costs_nothing(self):
        """Through a relay that cuts in the middle of lines: every record comes once, in its order."""
        relay = Relay(self.daemon.directory / "http.sock")
        self.addCleanup(relay.close)
        tail = Tail(self.namespace, "--dir", relay.directory)
        tail.until(lambda fold: fold.settled)
        for round_ in range(5):
            self.namespace.batch([f"link set lo mtu {60000 + 20 * round_ + step}" for step in range(20)])
            relay.cut()
        oracle.assert_agrees(self.namespace, tail)
        seqs = [record["seq"] for record in tail.records() if record.get("origin") == "live"]
        self.assertEqual(seqs, sorted(set(seqs)))
        self.assertEqual(seqs, list(range(seqs[0], seqs[-1] + 1)))
        self.assertNotIn(b'"gap"', tail.output)
        self.assertEqual(tail.finish(), 0)


class OnATerminal(Case):
    def test_people_read_lines_of_monitors_kind(self):
        tail = self.tail(terminal=True)
        tail.until_following()
        self.namespace.batch(["link add v0 type veth peer name v1", "link set v0 up", "link set v0 mtu 1400"])
        tail.until_told("1400")
        self.assertEqual(tail.finish(), 0)
        self.assertIn(ESC + b"[", tail.output)
        self.assertRegex(tail.text(), re.compile(r"^\d\d:\d\d:\d\d\.\d{3} .*v0 .*mtu 1500 -> 1400", re.MULTILINE))
        self.assertNotIn("127.0.0.1", tail.text(), "the snapshot only when asked")

    def test_a_limit_brings_no_snapshot_unless_it_is_all_there_is(self):
        tail = self.tail("--limit", "1", terminal=True)
        self.assertEqual(tail.until_its_limit(), 0)
        self.assertIn("poke-", tail.text())
        self.assertNotIn("127.0.0.1", tail.text())
        tail = self.tail("--limit", "0", terminal=True)
        self.assertEqual(tail.wait_for_end(), 0)
        self.assertIn("127.0.0.1", tail.text())

    def test_no_colour(self):
        tail = self.tail(terminal=True, environment={"NO_COLOR": "1"})
        tail.until_following()
        self.assertEqual(tail.finish(), 0)
        self.assertNotIn(ESC, tail.output)

    def test_json_when_asked(self):
        tail = self.tail("-o", "json", terminal=True)
        tail.until_told("snapshot.end")
        self.assertEqual(json.loads(tail.text().splitlines()[0])["type"], "hello")
        self.assertEqual(tail.finish(), 0)

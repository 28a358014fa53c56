"""`nlwatch monitor`: no daemon, no file; NDJSON in a pipe, lines for people on a terminal."""

import os
import signal
import subprocess
import unittest

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import EXECUTABLE, scaled, wait_until
from support.monitor import Monitor

ESC = b"\x1b"


class InAPipe(DaemonCase):
    def test_it_folds_to_the_kernel(self):
        storm = churn.Storm(seed=3)
        self.namespace.batch(storm.cast())
        monitor = Monitor(self.namespace)
        monitor.until(lambda fold: fold.settled)
        self.namespace.batch(storm.changes(scaled(1500)), force=True)
        oracle.assert_agrees(self.namespace, monitor)
        self.assertNotIn(ESC, monitor.output)
        self.assertEqual(monitor.finish(), 0)
        self.assertTrue(monitor.output.endswith(b"\n"), "the last line is whole")

    def test_its_lines_are_those_of_the_stream(self):
        daemon = self.start()
        client = daemon.settled_client()
        monitor = Monitor(self.namespace)
        monitor.until(lambda fold: fold.settled)
        self.namespace.batch(["link add v0 type veth peer name v1", "link set v0 up", "link set v1 up",
                              "addr add 192.0.2.1/24 dev v0", "link set v0 name w0", "link del w0"])
        oracle.settle(self.namespace, client)
        oracle.settle(self.namespace, monitor)
        client.advance()

        def essence(records):
            return [{name: record.get(name) for name in ("type", "key", "origin", "object", "before", "transitions")}
                    for record in records if record["type"].endswith(("added", "changed", "removed"))
                    and not str(record["object"].get("ifalias")).startswith("settled")
                    and record["origin"] != "snapshot"]

        self.assertEqual(essence(monitor.records()), essence(client.records())[:len(essence(monitor.records()))])
        self.assertGreater(len(essence(monitor.records())), 8)

    def test_both_signals_end_it_with_success(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            monitor = Monitor(self.namespace)
            monitor.until(lambda fold: fold.settled)
            self.assertEqual(monitor.finish(number), 0)

    def test_a_closed_pipe_ends_it_quietly(self):
        monitor = self.namespace.popen(EXECUTABLE, "monitor", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE)
        self.assertIn(b'"hello"', monitor.stdout.readline())
        monitor.stdout.close()

        def ended():
            self.namespace.batch(["link set lo mtu 60000", "link set lo mtu 60001"])  # it has to write to find out
            return monitor.poll() is not None

        wait_until(ended, "monitor ends")
        self.assertEqual(monitor.returncode, 0)
        self.assertEqual(monitor.stderr.read(), b"")

    def test_a_limit(self):
        monitor = Monitor(self.namespace, "--limit", "0")
        self.assertEqual(monitor.wait_for_end(), 0)
        self.assertEqual(monitor.records()[-1]["type"], "snapshot.end")
        monitor = Monitor(self.namespace, "--no-snapshot", "--limit", "2")
        wait_until(lambda: b'"hello"' in monitor.output, "it says hello")
        self.namespace.batch(["link add v0 type veth peer name v1", "link set v0 up"])
        self.assertEqual(monitor.wait_for_end(), 0)
        self.assertEqual([record["type"] for record in monitor.records()], ["hello", "link.added", "link.added"])

    def test_a_full_disk_is_an_error(self):
        for options in (["monitor"], ["monitor", "-o", "short", "--limit", "0"], ["version"]):
            with open("/dev/full", "wb") as full:
                done = self.namespace.popen(EXECUTABLE, *options, stdin=subprocess.DEVNULL, stdout=full,
                                            stderr=subprocess.PIPE)
                said = done.communicate(timeout=20)[1]
            self.assertEqual((done.returncode, said), (1, b"nlwatch: cannot write to standard output: "
                                                          b"No space left on device\n"), options)

    def test_an_ordinary_user_may(self):
        done = self.namespace.run("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                                  EXECUTABLE, "monitor", "--limit", "0", stdin=subprocess.DEVNULL)
        self.assertIn(b'"snapshot.end"', done.stdout)


@unittest.skipUnless(os.access("/dev/net/tun", os.R_OK | os.W_OK), "the kernel has no tun")
class InAUserNamespace(DaemonCase):
    """As the service is (PrivateUsers=): the kernel tells root's events and our own dumps differently then."""

    def test_an_event_and_an_audit_agree(self):
        monitor = Monitor(self.namespace, by=("unshare", "--user"))
        monitor.until(lambda fold: fold.settled)
        self.namespace.ip("tuntap", "add", "dev", "t0", "mode", "tap", "user", "1234", "group", "5678")
        monitor.until(lambda fold: (fold.link("t0") or {}).get("linkinfo", {}).get("info_data", {}).get("persist"))
        oracle.assert_agrees(self.namespace, monitor)
        seq = monitor.fold.seq
        self.namespace.batch(["link set t0 mtu 1400",
                              "link set t0 alias looked-at",  # in silence, since it is down: an audit tells
                              "link add v0 type veth peer name v1"])  # which one follows
        monitor.until(lambda fold: fold.link("t0").get("ifalias") == "looked-at")
        told = [(record["origin"], record["before"]) for record in monitor.records()
                if record["seq"] > seq and record.get("object", {}).get("ifname") == "t0"]
        self.assertEqual(told, [("live", {"mtu": 1500}), ("audit", {"ifalias": None})])
        self.assertEqual(monitor.finish(), 0)


class OnATerminal(DaemonCase):
    def changes(self, monitor):
        monitor.until_following()
        self.namespace.batch(["link add v0 type veth peer name v1", "link set v0 up", "link set v1 up",
                              "addr add 192.0.2.1/24 dev v0", "link set v0 mtu 1400", "link set v0 name w0",
                              "addr del 192.0.2.1/24 dev w0"])
        self.namespace.ip("link", "set", "lo", "alias", "the-end")
        monitor.until_told("the-end")

    def test_people_read_what_changed_from_what_to_what(self):
        monitor = Monitor(self.namespace, terminal=True)
        self.changes(monitor)
        self.assertEqual(monitor.finish(), 0)
        self.assertIn(ESC + b"[", monitor.output)
        text = monitor.text()
        self.assertNotIn('{"schema"', text)
        mtu = next(line for line in text.splitlines() if "1400" in line and "mtu" in line)
        self.assertIn("1500", mtu)
        self.assertLess(mtu.index("1500"), mtu.index("1400"))
        renamed = next(line for line in text.splitlines() if "v0" in line and "w0" in line)
        self.assertLess(renamed.index("v0"), renamed.rindex("w0"))
        self.assertIn("192.0.2.1/24", text)
        self.assertNotIn("127.0.0.1", text, "the snapshot only when asked")

    def test_the_snapshot_when_asked(self):
        self.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
        monitor = Monitor(self.namespace, "--snapshot", terminal=True)
        monitor.until_told("127.0.0.1")
        monitor.until_told("v1")
        self.assertEqual(monitor.finish(), 0)

    def test_a_limit_brings_no_snapshot_unless_it_is_all_there_is(self):
        monitor = Monitor(self.namespace, "--limit", "1", terminal=True)
        self.assertEqual(monitor.until_its_limit(), 0)
        self.assertIn("poke-", monitor.text())
        self.assertNotIn("127.0.0.1", monitor.text())
        monitor = Monitor(self.namespace, "--limit", "0", terminal=True)
        self.assertEqual(monitor.wait_for_end(), 0)
        self.assertIn("127.0.0.1", monitor.text())

    def test_no_colour_when_not_wanted(self):
        for options, environment in ((["--color", "never"], {}), ([], {"NO_COLOR": "1"})):
            monitor = Monitor(self.namespace, *options, terminal=True, environment=environment)
            monitor.until_following()
            self.assertEqual(monitor.finish(), 0)
            self.assertNotIn(ESC, monitor.output)

    def test_json_when_asked(self):
        monitor = Monitor(self.namespace, "-o", "json", terminal=True)
        monitor.until_told("snapshot.end")
        self.assertIn('"type":"hello"', monitor.text())
        self.assertEqual(monitor.finish(), 0)

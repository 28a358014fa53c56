"""The harness itself: laws that catch, an oracle that sees, namespaces that go away. Needs no nlwatch."""

import copy
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

from support import iproute, oracle
from support.case import NamespaceCase
from support.daemon import wait_until
from support.laws import LawBroken, LawfulFold
from support.reader import Client, Hub
from support.rtnetlink import Requests

LINK, ADDRESS = "link/7/2", "address/7/2/inet/192.0.2.1/24/192.0.2.1"
DOWN = {"ifindex": 2, "ifname": "eth0", "flags": ["BROADCAST"], "carrier": False, "state": "down"}
UP = {**DOWN, "flags": ["BROADCAST", "UP", "LOWER_UP"], "carrier": True, "state": "up"}
LOCAL = {"ifindex": 2, "ifname": "eth0", "family": "inet", "local": "192.0.2.1", "usable": True}


def line(seq, kind, **members):
    return {"schema": 1, "run": "0123456789abcdef", "seq": seq, "type": kind, **members}


def live(seq, kind, key, value, transitions=(), **members):
    return line(seq, kind, origin="live", time="2026-11-24T13:20:31.123456Z", monotonic_us=1000 + seq, key=key, netns=7,
                transitions=list(transitions), object=value, **members)


def lawful_stream():
    return [
        line(5, "hello", netns={"cookie": 7, "inode": 1}),
        line(5, "snapshot.begin"),
        line(5, "link.added", origin="snapshot", key=LINK, netns=7, transitions=[], object=DOWN),
        line(5, "snapshot.end", settled=True, counts={"link": 1, "address": 0}),
        live(6, "link.changed", LINK, UP, ["admin_up", "carrier_up", "state_up"],
             before={"flags": DOWN["flags"], "carrier": False, "state": "down"}),
        live(7, "address.added", ADDRESS, LOCAL, ["usable"]),
        live(8, "address.removed", ADDRESS, LOCAL, ["unusable"], reason="deleted"),
        live(9, "link.removed", LINK, UP, ["admin_down", "carrier_down", "state_down"], reason="deleted"),
    ]


def without(record, name):
    return {member: value for member, value in record.items() if member != name}


class Laws(unittest.TestCase):
    def fold(self, records, **options):
        fold = LawfulFold(**options)
        for record in records:
            fold.apply(record)
        return fold

    def assert_broken(self, records, law):
        with self.assertRaisesRegex(LawBroken, law):
            self.fold(records)

    def test_a_lawful_stream_folds(self):
        records = lawful_stream()
        self.assertEqual(self.fold(records[:6]).objects, {LINK: UP, ADDRESS: LOCAL})
        self.assertEqual(self.fold(records).objects, {})

    def test_each_fault_is_caught(self):
        good = lawful_stream()

        def replaced(at, **members):
            records = copy.deepcopy(good)
            records[at].update(members)
            return records

        self.assert_broken(good[1:], "hello is first")
        self.assert_broken(good[:5] + good[6:], "without a hole")
        self.assert_broken(good[:3] + good[4:], "within a snapshot")
        self.assert_broken(good[:2] + good[3:], "the snapshot had")
        self.assert_broken(good[:2] + [good[2]] + good[2:], "added only of an unknown key")
        self.assert_broken(replaced(4, key="link/7/3"), "changed only of a known key")
        self.assert_broken(replaced(6, key="address/7/2/inet/x"), "removed only of a known key")
        self.assert_broken(replaced(5, key="address/7/3/inet/x"), "a link is added before its addresses")
        self.assert_broken(good[:6] + [{**good[7], "seq": 8}], "addresses are removed before their link")
        self.assert_broken(replaced(4, before={"flags": DOWN["flags"], "carrier": False}), "before leads back")
        self.assert_broken(replaced(4, before={**DOWN}), "before names what changed")
        self.assert_broken(replaced(4, transitions=["admin_up", "carrier_up"]), "transitions are")
        self.assert_broken(replaced(7, transitions=[]), "transitions are")
        self.assert_broken(replaced(6, object={**LOCAL, "usable": False}), "last known values")
        self.assert_broken(replaced(6, monotonic_us=1), "time does not run backwards")
        self.assert_broken(replaced(6, run="fedcba9876543210"), "within one run")
        self.assert_broken(replaced(5, object={**LOCAL, "label": None}), "never hold null")
        self.assert_broken(good[:4] + [without(good[4], "before")] + good[5:], "no member 'before'")
        self.assert_broken(good[:4] + [without(good[4], "time")] + good[5:], "have a time")

    def test_a_port_may_have_another_master_of_the_same_name(self):
        port = {**UP, "master": "br0"}
        head = [*lawful_stream()[:4], live(6, "link.changed", LINK, {**port, "mtu": 1500}, [
            "admin_up", "carrier_up", "state_up", "master_changed"],
            before={"flags": DOWN["flags"], "carrier": False, "state": "down", "master": None, "mtu": None})]
        self.fold([*head, live(7, "link.changed", LINK, {**port, "mtu": 1400}, ["master_changed"], before={"mtu": 1500})])
        freed = live(7, "link.changed", LINK, {**UP, "mtu": 1500}, before={"master": "br0"})
        self.assert_broken([*head, freed], "transitions are")
        other = live(7, "link.changed", LINK, {**port, "mtu": 1500, "master": "br1"}, before={"master": "br0"})
        self.assert_broken([*head, other], "transitions are")

    def test_a_resync_owns_up_to_its_repairs(self):
        begin = line(6, "resync.begin", resync=1, cause="overrun", lost=3, receive_buffer=2304)
        ghost = {**live(7, "link.removed", LINK, DOWN, reason="deleted"), "origin": "resync", "not_before": "t"}
        end = line(8, "resync.end", resync=1, repaired={"added": 0, "changed": 0, "removed": 1})
        head = lawful_stream()[:4]
        self.assertFalse(self.fold([*head, begin]).settled)
        self.assertTrue(self.fold([*head, begin, ghost, end]).settled)
        self.assert_broken([*head, begin, ghost, {**end, "repaired": {"added": 0, "changed": 0, "removed": 0}}],
                           "the resync wrote")
        self.assert_broken([*head, begin, {**begin, "seq": 7}], "do not nest")

    def test_a_gap_is_followed_by_a_snapshot(self):
        head = lawful_stream()[:5]
        gap = {**line(9, "gap", to=9, reason="slow_reader"), "from": 7}
        snapshot = [line(9, "snapshot.begin"),
                    line(9, "link.added", origin="snapshot", key=LINK, netns=7, transitions=[], object=DOWN),
                    line(9, "snapshot.end", settled=True, counts={"link": 1})]
        self.assertEqual(self.fold([*head, gap, *snapshot]).objects, {LINK: DOWN})
        self.assert_broken([*head, gap, live(10, "address.added", ADDRESS, LOCAL, ["usable"])], "a gap")
        self.assert_broken([*head, {**gap, "from": 8}], "the gap begins behind what was read")
        self.assert_broken([*head, gap, {**snapshot[0], "seq": 8}], "the snapshot is as of")

    def test_a_filtered_reader_may_see_holes_but_no_steps_back(self):
        head = lawful_stream()[:4]
        self.fold([*head, live(9, "address.added", ADDRESS, LOCAL)], filtered=True)
        with self.assertRaisesRegex(LawBroken, "ascends"):
            self.fold([*head, live(5, "address.added", ADDRESS, LOCAL)], filtered=True)


class Oracle(NamespaceCase):
    def setUp(self):
        super().setUp()
        self.namespace.batch(["link add v0 type veth peer name v1", "link add br0 type bridge",
                              "link set v0 master br0 up", "link set v1 up alias hello",
                              "addr add 10.0.0.1 peer 10.0.9.1/32 dev v1", "addr add 10.0.0.1 peer 10.0.9.2/32 dev v1",
                              "addr add 2001:db8::1/64 dev v1"])
        wait_until(lambda: oracle.kernel_objects(self.namespace, 7) == oracle.kernel_objects(self.namespace, 7),
                   "the kernel rests")
        self.kernel = oracle.kernel_objects(self.namespace, 7)

    def test_every_field_is_looked_at(self):
        self.assertEqual(oracle.differences(self.kernel, self.kernel), [])
        fields = 0
        for key, value in self.kernel.items():
            for name in value:
                for wrong in ({**value, name: "other"}, without(value, name)):
                    found = oracle.differences({**self.kernel, key: wrong}, self.kernel)
                    self.assertEqual(len(found), 1, f"{key} {name}")
                    fields += 1
        self.assertGreater(fields, 200)

    def test_a_key_too_many_and_one_too_few_are_seen(self):
        key, value = next(iter(self.kernel.items()))
        self.assertEqual(len(oracle.differences({**self.kernel, "link/7/99": value}, self.kernel)), 1)
        self.assertEqual(len(oracle.differences(without(self.kernel, key), self.kernel)), 1)

    def test_a_field_that_should_be_gone_is_seen(self):
        key = next(key for key in self.kernel if key.startswith("link/") and "master" not in self.kernel[key])
        stale = {**self.kernel, key: {**self.kernel[key], "master": "br0"}}
        self.assertEqual(len(oracle.differences(stale, self.kernel)), 1)

    def test_addresses_that_differ_in_the_peer_alone_are_two(self):
        self.assertEqual(sum("/inet/10.0.0.1/32/10.0.9." in key for key in self.kernel), 2)

    def test_names_of_any_bytes_come_through(self):
        requests = Requests(self.namespace)
        self.addCleanup(requests.close)
        requests.add_veth(b"eth\xff", b"e\x1bsc")
        requests.add_veth(b'a"b', b"<script>")
        rows = {row["ifname"]: row for row in iproute.show(self.namespace, "link")}
        self.assertLessEqual({"eth\ufffd", "e\x1bsc", 'a"b', "<script>"}, rows.keys())
        requests.set_alias(rows["e\x1bsc"]["ifindex"], b"two\nlines\x1b \xf0\x9f\x98\x80 \xe2\x82 \xff")
        requests.add_altname(rows["e\x1bsc"]["ifindex"], b"new\nline")
        row = next(row for row in iproute.show(self.namespace, "link") if row["ifname"] == "e\x1bsc")
        self.assertEqual(row["ifalias"], "two\nlines\x1b \U0001f600 \ufffd\ufffd \ufffd")
        self.assertEqual(row["altnames"], ["new\nline"])


class Namespaces(NamespaceCase):
    SCRIPT = """
import time
from support.namespace import Namespace
namespace = Namespace()
sleeper = namespace.popen("sleep", "1000")
while open(f"/proc/{sleeper.pid}/comm").read() != "sleep\\n":
    time.sleep(0.01)  # until then it is setpriv, which has not asked yet to end with this process
print(namespace.name, sleeper.pid, flush=True)
while True:
    time.sleep(0.05)  # not one long wait: a signal that comes right before it would be handled behind it
"""

    def run_and_interrupt(self, number):
        tests = pathlib.Path(__file__).parents[1]
        process = subprocess.Popen([sys.executable, "-B", "-c", self.SCRIPT], cwd=tests, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)  # if it does not end as it should
        name, sleeper = process.stdout.readline().decode().split()
        self.assertTrue(os.path.exists(f"/run/netns/{name}"))
        process.send_signal(number)
        process.wait(20)
        return name, sleeper

    def test_an_interrupted_test_leaves_nothing(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            name, sleeper = self.run_and_interrupt(number)
            self.assertFalse(os.path.exists(f"/run/netns/{name}"))
            self.assertFalse(os.path.exists(f"/proc/{sleeper}"))

    def test_what_a_killed_test_left_goes_with_the_next(self):
        name, sleeper = self.run_and_interrupt(signal.SIGKILL)
        wait_until(lambda: not os.path.exists(f"/proc/{sleeper}"), "its process ended with it")
        subprocess.run([sys.executable, "-B", "-c", "from support.namespace import Namespace; Namespace().close()"],
                       cwd=pathlib.Path(__file__).parents[1], check=True)
        self.assertFalse(os.path.exists(f"/run/netns/{name}"))

    def test_a_socket_made_inside_stays_inside(self):
        with self.namespace.socket(socket.AF_INET, socket.SOCK_STREAM) as inside:
            inside.bind(("127.0.0.1", 0))
            self.assertNotIn(b":%04X" % inside.getsockname()[1], pathlib.Path("/proc/net/tcp").read_bytes())
            inside.listen()
            listed = self.namespace.run("cat", "/proc/net/tcp").stdout
            self.assertIn(b":%04X" % inside.getsockname()[1], listed)


class Readers(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = f"{directory.name}/stream.sock"
        self.server = socket.socket(socket.AF_UNIX)
        self.addCleanup(self.server.close)
        self.server.bind(self.path)
        self.server.listen()
        self.hub = Hub()
        self.addCleanup(self.hub.close)

    def test_lines_are_put_together_and_what_is_torn_is_kept(self):
        client = Client(self.hub, self.path)
        far, _ = self.server.accept()
        with far:
            far.sendall(b'{"a":1}\n{"b"')
            wait_until(lambda: len(client.lines) == 1, "a line came")
            far.sendall(b':2}\n{"to')
            wait_until(lambda: len(client.lines) == 2, "the next came")
        wait_until(lambda: client.ended, "the end came")
        self.assertEqual(client.records(), [{"a": 1}, {"b": 2}])
        self.assertEqual(client.torn, b'{"to')

    def test_one_that_does_not_read_reads_when_told(self):
        client = Client(self.hub, self.path, reading=False)
        far, _ = self.server.accept()
        with far:
            far.sendall(b"x\n")
            self.assertEqual(client.lines, [])
            client.resume()
            wait_until(lambda: client.lines == [b"x"], "it reads")
        client.close()



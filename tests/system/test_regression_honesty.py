"""What the stream says of losses and what the metrics say of them is the same, to the unit."""

import collections
import errno
import json
import random
from subprocess import DEVNULL, PIPE

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import scaled, wait_until
from support.laws import OPS, is_numbered, is_object_record
from support.rtnetlink import swallow_error
from support.web import ask, scrape

CAUSES = ("overrun", "drops", "truncated", "framing", "error")
KINDS = ("link", "address")
ORIGINS = ("live", "derived", "resync", "audit")
OF_ADDRESSES = ("usable", "unusable", "tentative", "dad_failed", "deprecated")


class Honesty(DaemonCase):
    """begin() starts the daemon when the links are there, and remembers what it has counted until then."""

    def begin(self, audit_interval):
        # The kernel's smallest buffer: hardly anything is heard.
        self.daemon = self.start('[netlink]\nreceive_buffer = 2304\nreceive_buffer_max = 2304\n'
                                 f'resync_min_interval = "20 ms"\naudit_interval = "{audit_interval}"\n')
        self.http = self.daemon.directory / "http.sock"
        self.client = self.daemon.settled_client()
        self.seq, self.first = self.scrape()

    def scrape(self):
        """A seq, and the metrics as of it: no record was written in between."""
        while True:
            oracle.assert_agrees(self.namespace, self.client)
            seq, told = self.client.fold.seq, scrape(self.http)
            if json.loads(ask(self.http, "/v1/status")[1])["seq"] == seq:
                return seq, {name.removeprefix("nlwatch_"): value for name, value in told.items()}

    def overrun(self, lines, swallow=False):
        """What these lines for `ip -batch` change is announced to a process that stands still.

        swallow: and nobody but the counter of drops will tell that the kernel had no room for all of that."""
        self.daemon.stop()
        self.namespace.batch(lines, force=True)
        if swallow:  # 0: it was said before, and the buffer not seen empty since
            self.assertIn(swallow_error(self.namespace, self.daemon.pid), (errno.ENOBUFS, 0))
        self.daemon.resume()

    def compare(self):
        """Returns the records since begin(), as each number that they and the metrics share is the same."""
        seq, last = self.scrape()
        moved = collections.Counter({name: value - self.first.get(name, 0) for name, value in last.items()})
        records = [record for record in self.client.records()
                   if is_numbered(record) and self.seq < record["seq"] <= seq]
        begins, ends = ([record for record in records if record["type"] == f"resync.{which}"]
                        for which in ("begin", "end"))
        objects = [record for record in records if is_object_record(record)]

        with self.subTest("what each resync says"):
            self.assertEqual([record["resync"] for record in begins], [record["resync"] for record in ends])
            for begin, end in zip(begins, ends):
                self.assertEqual(begin["receive_buffer"], last["netlink_receive_buffer_bytes"])
                self.assertGreaterEqual(end["passes"], 1)
                if None not in (begin["lost"], end["lost"]):
                    self.assertTrue(0 < begin["lost"] <= end["lost"])
        with self.subTest("resyncs"):
            self.assertEqual(_count(record["cause"] for record in begins),
                             _count({cause: moved[f'resyncs_total{{cause="{cause}"}}'] for cause in CAUSES}))
            self.assertEqual(moved["resync_duration_seconds_count"], len(ends))
            self.assertEqual(last["resync_in_progress"], 0)
        with self.subTest("lost messages"):
            # A drop is counted a moment after it is reported: read in between, it is one that cannot be counted.
            lost = [record["lost"] for record in ends]
            compared = self.assertGreaterEqual if None in lost else self.assertEqual
            compared(moved["netlink_lost_messages_total"], sum(filter(None, lost)))
        with self.subTest("records"):
            self.assertEqual(_count((*record["type"].split("."), record["origin"]) for record in objects),
                             _count({(kind, op, origin):
                                     moved[f'events_total{{kind="{kind}",op="{op}",origin="{origin}"}}']
                                     for kind in KINDS for op in OPS for origin in ORIGINS}))
        with self.subTest("repairs"):
            self.assertEqual(_count({op: sum(record["repaired"][op] for record in ends) for op in OPS}),
                             _count({op: sum(moved[f'events_total{{kind="{kind}",op="{op}",origin="resync"}}']
                                             for kind in KINDS) for op in OPS}))
        with self.subTest("transitions of addresses"):
            self.assertEqual(_count(word for record in objects if record["type"].startswith("address.")
                                    for word in record["transitions"]),
                             _count({word: moved[f'address_transitions_total{{transition="{word}"}}']
                                     for word in OF_ADDRESSES}))
        return records, moved

    def compare_passes(self, records, moved):
        """Where no audit was due, each pass and each disturbed dump was a resync's."""
        ends = [record for record in records if record["type"] == "resync.end"]
        self.assertEqual(_sum(moved, "passes_total"), sum(record["passes"] for record in ends))
        self.assertEqual(moved['passes_total{result="clean"}'], len(ends))
        self.assertEqual(_sum(moved, "dump_interruptions_total"), sum(record["interrupted"] for record in ends))

    def compare_carrier(self, records, moved, device):
        """Flaps that were told and those that nobody saw."""
        of_device = [record for record in records
                     if record["type"] == "link.changed" and record["object"]["ifname"] == device]
        for way in ("carrier_up", "carrier_down"):
            told = sum((way in record["transitions"]) + record.get("missed", {}).get(way, 0) for record in of_device)
            self.assertEqual(moved[f'link_transitions_total{{device="{device}",transition="{way}"}}'], told)
        return [record["missed"] for record in of_device if "missed" in record]


class OfResyncs(Honesty):
    """Nothing that would make an audit due: every pass is a resync's."""

    def setUp(self):
        super().setUp()
        self.dice = random.Random(71)
        self.namespace.batch([f"link add s{i} type ifb" for i in range(6)])
        self.namespace.batch([f"addr add 2001:db8::1:{i:x}/64 dev s0" for i in range(1500)])  # a dump of many parts
        self.begin(audit_interval="1 h")

    def changes(self, count):
        dice, lines = self.dice, []
        for _ in range(count):
            what = dice.choice(("add", "add", "del"))
            lines.append(dice.choice((f"link set s{dice.randrange(6)} mtu {dice.randrange(1280, 9000)}",
                                      f"addr {what} 10.0.0.{dice.randrange(1, 99)}/24 dev s{dice.randrange(6)}",
                                      f"addr {what} 2001:db8::{dice.randrange(1, 99):x}/64 dev s{dice.randrange(6)}")))
        return lines

    def test_overruns_of_two_causes(self):
        for round in range(scaled(24)):
            self.overrun(self.changes(100), swallow=round % 3 == 0)
            if self.dice.random() < 0.5:  # else the next one comes while it is being repaired
                oracle.settle(self.namespace, self.client)
        records, moved = self.compare()
        self.compare_passes(records, moved)
        causes = {record["cause"] for record in records if record["type"] == "resync.begin"}
        self.assertEqual(causes, {"overrun", "drops"})

    def test_dumps_that_are_disturbed(self):
        def disturbed():
            churning = self.namespace.popen("ip", "-force", "-batch", "-", stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL)
            churning.stdin.write("\n".join([*self.changes(500), ""]).encode())
            churning.stdin.close()
            while churning.poll() is None:
                self.daemon.stop()
                self.daemon.resume()
            return _sum(scrape(self.http), "nlwatch_dump_interruptions_total") > 0

        wait_until(disturbed, "a dump is disturbed")
        self.compare_passes(*self.compare())


class OfEverything(Honesty):
    def test_a_storm_with_flaps_and_audits(self):
        storm = churn.Storm(seed=72)
        self.namespace.batch([*storm.cast(), *churn.make_pair("v0", "v1")])
        self.begin(audit_interval="1 s")
        for round in range(scaled(24)):
            self.overrun([*storm.changes(60), "link set v1 down", "link show v0", "link set v1 up", "link show v0",
                          *storm.changes(60)], swallow=round % 3 == 0)
            if round % 2:
                oracle.settle(self.namespace, self.client)
        records, moved = self.compare()
        self.assertTrue(self.compare_carrier(records, moved, "v0"), "some flaps were missed")
        self.compare_carrier(records, moved, "v1")


def _count(of):
    """How many of each, without those of which there are none."""
    return {what: int(count) for what, count in collections.Counter(of).items() if count}


def _sum(series, family):
    return sum(value for name, value in series.items() if name.startswith(family + "{"))

"""A receiver that is out for longer than the backlog holds: memory stays bounded, one gap says what is missing."""

from support import oracle
from support.daemon import SANITIZED, scaled, wait_until
from support.fold import Fold
from support.receiver import answer, later
from support.webhook_case import WebhookCase, deliveries, records_of, sink

MIB = 1 << 20


class Overtaken(WebhookCase):
    def overtake(self, **keys):
        """Many events while the receiver is out; returns the requests once it has all of what is left."""
        path, secret = self.secret_file()
        receiver = self.receiver(then=answer(503))
        self.begin('[backlog]\nbytes = "1 MiB"\n' + sink(receiver.url(), secret_file=path, **keys))
        self.change(1)
        receiver.wait_for(1)
        before, most = self.daemon.rss(), 0
        for _ in range(10):
            self.change(scaled(2000))
            most = max(most, self.daemon.rss())
        if not SANITIZED:
            self.assertLess(most - before, 8 * MIB)
        receiver.script()
        self.return_of_the_network()
        receiver.wait_until(lambda requests: "nlwatch.gap" in (it.json["type"] for it in requests), "the gap is told")
        requests = self.wait_for_seq(receiver, self.change(1))
        self.assert_well_formed(requests, secret)
        return requests

    def gap_within(self, requests):
        """What was told before it, it, and what behind; and that nothing but what it says is missing."""
        records = records_of(requests)
        number, = [i for i, record in enumerate(records) if record["type"] == "gap"]
        gap = records[number]
        before, behind = records[:number], records[number + 1:]
        self.assertEqual(gap["from"], before[-1]["seq"] + 1)
        self.assertEqual(self.dropped(), {"gap": gap["to"] - gap["from"] + 1})
        told = self.told()
        self.assertEqual(before, [record for record in told if record["seq"] < gap["from"]])
        self.assertGreater(gap["to"] - gap["from"], len(told) / 2)
        ids = [it.attempts[0].headers["webhook-id"] for it in deliveries(requests)]
        self.assertEqual(ids[number], f"{gap['run']}-{gap['to']}-gap")
        return gap, behind

    def test_on_with_the_oldest_that_is_held(self):
        gap, behind = self.gap_within(self.overtake(after_gap="continue"))
        self.assertEqual(behind, [record for record in self.told() if record["seq"] > gap["to"]])
        self.assertGreater(len(behind), 100)

    def test_on_with_the_whole_state(self):
        requests = self.overtake(after_gap="snapshot")
        gap, behind = self.gap_within(requests)
        kinds = [record["type"] for record in behind]
        self.assertEqual(kinds[0], "snapshot.begin")
        end = kinds.index("snapshot.end")
        self.assertEqual((kinds.count("snapshot.begin"), kinds.count("snapshot.end")), (1, 1))
        self.assertEqual({record["seq"] for record in behind[:end + 1]}, {gap["to"]})
        self.assertEqual(behind[end + 1:], [record for record in self.told() if record["seq"] > gap["to"]])
        fold = Fold()
        for record in behind:
            fold.apply(record)
        self.assertTrue(fold.settled)
        oracle.assert_agrees(self.namespace, self.client, ignore=["ifalias"])
        self.assertEqual(oracle.differences(fold.objects, self.client.fold.objects, ignore=["ifalias"]), [])

    def test_a_sink_of_events_is_never_told_the_state(self):
        wanted = {"interface": ["v0"], "type": ["link.*"]}
        requests = self.receive_some_of_many(wanted)
        records = records_of(requests)
        number, = [i for i, record in enumerate(records) if record["type"] == "gap"]
        gap = records[number]
        told = self.told_of("v0")
        self.assertEqual(records[:number], told[:number])
        self.assertEqual(records[number + 1:], [record for record in told if record["seq"] > gap["to"]])

    def receive_some_of_many(self, wanted):
        receiver = self.receiver(then=answer(503))
        self.begin('[backlog]\nbytes = "1 MiB"\n' + sink(receiver.url(), filter=wanted))
        self.change(1)
        receiver.wait_for(1)
        self.change(scaled(6000))
        receiver.script()
        self.return_of_the_network()
        return self.wait_for_seq(receiver, self.change(1))


class TooOld(WebhookCase):
    def assert_gap_tells(self, requests):
        """What arrived begins with a gap in the place of what was given up, and goes on behind it."""
        gap, *behind = records_of(requests)
        self.assertEqual((gap["type"], gap["reason"], gap["from"]), ("gap", "expired", 1))
        self.assertEqual(behind, [record for record in self.told_of("v0") if record["seq"] > gap["to"]])
        self.assertEqual(self.dropped(), {"expired": gap["to"]})

    def test_what_waits_for_longer_than_max_age_is_given_up_and_told(self):
        receiver = self.receiver([answer(503, {"Retry-After": 3})])
        self.begin(sink(receiver.url(), max_age="2 s", after_gap="continue"))
        self.change(5)
        wait_until(lambda: self.dropped().get("expired"), "it is given up")
        requests = self.wait_for_seq(receiver, self.change(1))
        self.assertGreaterEqual(requests[1].time - requests[0].time, 3, "the receiver is left alone all the same")
        self.assert_gap_tells(requests[1:])
        self.assertRegex(self.daemon.log(), r"error sink 'ops': .*too old \(max_age\)")

    def test_given_up_after_a_reload_that_came_meanwhile(self):
        receiver = self.receiver([later(3, answer(503))])
        self.begin(sink(receiver.url(), max_age="2 s", after_gap="continue"))
        self.change(5)
        receiver.wait_for(1)
        self.reload(sink(receiver.url(), max_age="2 s", after_gap="continue", filter={"interface": ["v*"]}))
        wait_until(lambda: self.dropped().get("expired"), "it is given up")
        requests = self.wait_for_seq(receiver, self.change(1))
        self.assert_gap_tells(requests[1:])

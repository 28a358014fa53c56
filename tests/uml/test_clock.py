"""The wall clock, stepped back an hour: only in a box, whose clock is its own."""

import datetime
import time

from support.churn import make_pair
from support.kernel import clock_of_its_own
from support.laws import is_object_record
from uml.kinds_case import KindsCase

HOUR = 3600


@clock_of_its_own
class Clock(KindsCase):
    def last(self, ifname):
        return next(record for record in reversed(self.client.records())
                    if is_object_record(record) and record["object"]["ifname"] == ifname)

    def step(self, seconds):
        time.clock_settime(time.CLOCK_REALTIME, time.time() + seconds)

    def test_an_hour_back(self):
        self.do(*make_pair("v0", "v1"))
        before = self.last("v0")
        self.step(-HOUR)
        self.addCleanup(self.step, HOUR)
        self.do("link set v0 mtu 1400")
        after = self.last("v0")
        went_back = datetime.datetime.fromisoformat(before["time"]) - datetime.datetime.fromisoformat(after["time"])
        self.assertGreater(went_back.total_seconds(), HOUR / 2, "UTC says what the clock says")
        self.assertGreater(after["monotonic_us"], before["monotonic_us"], "and what orders records does not")

        ends = self.client.fold.counts["resync.end"]
        self.do_unseen("link set v0 mtu 1300", "link set v1 mtu 1300", "link set v0 mtu 1350")
        self.assertGreater(self.client.fold.counts["resync.end"], ends)
        for record in self.client.records():
            if record["type"] == "resync.end":
                self.assertTrue(0 <= record["duration_s"] < HOUR / 2, record)
        found = self.last("v0")
        self.assertEqual(found["object"]["mtu"], 1350)
        self.assertLessEqual(found.get("not_before", found["time"]), found["time"])

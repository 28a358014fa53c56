"""The network is what broke: the receiver is behind an uplink whose return sends what waits, and nothing else does."""

import time

from support.daemon import wait_until
from support.receiver import answer
from support.webhook_case import WebhookCase, sink

OURS, THEIRS = "198.51.100.1", "198.51.100.2"


class Uplink(WebhookCase):
    """uplink: a veth to the receiver's namespace, with an address; carrier is lost and regained at its far end."""

    def setUp(self):
        super().setUp()
        self.provider = self.another_namespace()
        self.namespace.batch([f"link add uplink type veth peer name far netns {self.provider.name}",
                              f"address add {OURS}/24 dev uplink", "link set uplink up"])
        self.provider.batch([f"address add {THEIRS}/24 dev far", "link set far up"])

    def start_with(self, script=(), then=None, **keys):
        self.there = self.receiver(script, then, address=THEIRS, namespace=self.provider.name)
        self.begin(sink(self.there.url(), connect_timeout="2 s", timeout="3 s", **keys))
        self.wait_for_carrier(True)

    def wait_for_carrier(self, there):
        self.client.until(lambda fold: fold.link("uplink")["carrier"] is there)

    def lose_carrier(self):
        self.provider.ip("link", "set", "far", "down")
        self.wait_for_carrier(False)

    def regain_carrier(self):
        self.provider.ip("link", "set", "far", "up")
        self.wait_for_carrier(True)

    def failures(self):
        attempts = self.attempts()
        return sum(count for outcome, count in attempts.items() if outcome != "success")

    def wait_for_long_back_off(self, least):
        """Returns the failures so far, and when the next attempt is due by time.monotonic()."""
        wait_until(lambda: self.status().get("next_retry_s", 0) > least, f"a pause of more than {least} s", timeout=150)
        due = time.monotonic() + self.status()["next_retry_s"]
        return self.failures(), due

    def visitors_come_and_go(self):
        """Veths with no address beside the kernel's own, which reach no further than the link."""
        for number in range(5):
            self.namespace.batch([f"link add x{number} type veth peer name y{number}", f"link set x{number} up",
                                  f"link set y{number} up"])
            self.client.until(lambda fold, name=f"x{number}": (fold.link(name) or {}).get("carrier"))
            self.namespace.ip("link", "del", f"x{number}")
            self.client.until(lambda fold, name=f"x{number}": not fold.link(name))

    def test_the_return_of_carrier_sends_what_waits(self):
        self.start_with(then=answer(close=True))  # or TCP itself would send, at the return, what an attempt left in it
        self.wait_for_seq(self.there, self.change(3))
        self.lose_carrier()
        self.change(20)
        failures, due = self.wait_for_long_back_off(8)
        self.visitors_come_and_go()
        self.assertEqual(self.failures(), failures, "visitors are no reason to try")
        self.assertAlmostEqual(time.monotonic() + self.status()["next_retry_s"], due, delta=0.5)
        before = len(self.there.requests)
        self.regain_carrier()
        returned = time.monotonic()
        requests = self.wait_for_seq(self.there, self.client.fold.seq, timeout=60)
        self.assertLess(requests[before].time - returned, 5, "the wake-up's second, and a connection")
        self.assertLess(requests[before].time, due, "before its time")
        self.assert_arrived(requests)

    def test_an_address_sends_what_waits(self):
        self.start_with()
        self.namespace.ip("address", "del", f"{OURS}/24", "dev", "uplink")
        self.change(5)
        _, due = self.wait_for_long_back_off(8)
        self.namespace.ip("address", "add", f"{OURS}/24", "dev", "uplink")
        requests = self.wait_for_seq(self.there, self.client.fold.seq)
        self.assertLess(requests[0].time, due)
        last = self.client.until(lambda fold: fold.address(OURS) and fold.seq)
        self.assert_arrived(self.wait_for_seq(self.there, last))

    def test_a_pause_that_was_asked_for_is_kept(self):
        pause = 8
        self.start_with([answer(429, {"Retry-After": pause})])
        self.change(5)
        first, = self.there.wait_for(1)
        wait_until(lambda: self.status().get("next_retry_s"), "it waits")
        for _ in range(2):
            self.lose_carrier()
            self.regain_carrier()
        last = self.return_of_the_network()
        requests = self.wait_for_seq(self.there, last)
        self.assertGreaterEqual(requests[1].time - first.time, pause)
        self.assert_arrived(requests, 2)

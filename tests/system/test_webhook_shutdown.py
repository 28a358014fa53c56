"""The end of the daemon with events that wait: at once where it can be, within ten seconds in any case, and told."""

import signal
import time

from support.daemon import wait_until
from support.receiver import answer, hang, later
from support.webhook_case import WebhookCase, records_of, sink

GRACE = 10  # seconds
SLACK = 3


class Shutdown(WebhookCase):
    def end(self):
        """How long it takes; and that it ends well."""
        begun = time.monotonic()
        self.assertEqual(self.daemon.terminate(timeout=60), 0)
        return time.monotonic() - begun

    def wait_for_back_off(self):
        wait_until(lambda: self.status().get("next_retry_s", 0) > GRACE, "a long wait is ahead")

    def test_in_a_back_off(self):
        receiver = self.receiver(then=answer(503, {"Retry-After": 600}))
        self.begin(sink(receiver.url()))
        self.change(50)
        self.wait_for_back_off()
        self.assertLess(self.end(), SLACK)
        self.assertRegex(self.daemon.log(), r"warning sink 'ops': 50 events not delivered\n")
        self.assertEqual(len(receiver.requests), 1)

    def test_the_events_that_the_filter_hides_are_not_counted(self):
        receiver = self.receiver(then=answer(503, {"Retry-After": 600}))
        self.begin(sink(receiver.url(), filter={"kind": ["address"]}))
        self.change(50)
        self.return_of_the_network()
        self.wait_for_back_off()
        self.change(50)
        self.assertLess(self.end(), SLACK)
        self.assertRegex(self.daemon.log(), r"warning sink 'ops': 1 event not delivered\n")

    def test_with_nothing_that_waits(self):
        receiver = self.receiver()
        self.begin(sink(receiver.url()))
        self.wait_for_seq(receiver, self.change(50))
        self.wait_for_delivered(50)
        self.assertLess(self.end(), SLACK)
        self.assertNotIn("not delivered", self.daemon.log())

    def test_a_request_in_flight_that_hangs(self):
        receiver = self.receiver(then=hang())
        self.begin(sink(receiver.url(), timeout="60 s"))
        self.change(50)
        receiver.wait_for(1)
        self.assertLess(self.end(), GRACE + SLACK)
        self.assertRegex(self.daemon.log(), r"warning sink 'ops': 50 events not delivered\n")

    def test_a_second_signal_waits_for_nothing(self):
        for second in (signal.SIGTERM, signal.SIGINT):
            receiver = self.receiver(then=hang())
            self.begin(sink(receiver.url(), timeout="60 s"))
            self.change(1)
            receiver.wait_for(1)
            begun = time.monotonic()
            self.daemon.process.send_signal(signal.SIGTERM)
            wait_until(lambda: " ending\n" in self.daemon.log(), "it has begun to end")
            self.daemon.process.send_signal(second)
            self.assertEqual(self.daemon.wait(60), 130)
            self.assertLess(time.monotonic() - begun, GRACE, "the request was not waited for")

    def test_a_request_in_flight_that_is_answered_meanwhile(self):
        receiver = self.receiver(then=later(2, answer()))
        self.begin(sink(receiver.url()))
        self.change(50)
        receiver.wait_for(1)
        self.assertLess(self.end(), GRACE)
        self.assertEqual(records_of(receiver.requests), self.told()[:1])
        self.assertRegex(self.daemon.log(), r"warning sink 'ops': 49 events not delivered\n")

    def test_a_request_in_flight_since_before_a_reload(self):
        receiver = self.receiver(then=hang())
        self.begin(sink(receiver.url(), timeout="60 s"))
        self.change(50)
        receiver.wait_for(1)
        self.reload(sink(receiver.url(), timeout="60 s", batch=2))
        self.assertLess(self.end(), GRACE + SLACK)

    def test_a_request_in_flight_of_a_sink_that_was_taken_out(self):
        receiver = self.receiver(then=hang())
        self.begin(sink(receiver.url(), timeout="60 s"))
        self.change(50)
        receiver.wait_for(1)
        self.reload("")
        self.assertLess(self.end(), GRACE + SLACK)

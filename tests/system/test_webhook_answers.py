"""What a receiver answers, or does instead: what has to arrive arrives in order, what must not be retried is not."""

import email.utils
import time

from support.daemon import wait_until
from support.receiver import answer, close, drip, endless, half_header, hang, reset
from support.webhook_case import WebhookCase, deliveries, records_of, sink

EVENTS = 5


class Retried(WebhookCase):
    def suffer(self, *behaviours, then=None, **outcomes):
        """The first event meets these, and arrives once they are over. outcomes: how the failures are counted."""
        receiver = self.receiver(behaviours, then)
        self.begin(sink(receiver.url(), connect_timeout="1 s", timeout="1 s"))
        requests = self.wait_for_seq(receiver, self.change(EVENTS))
        self.wait_for_delivered(EVENTS)
        self.assert_arrived(requests, len(behaviours) + 1)
        self.assertEqual(self.attempts(), {**outcomes, "success": EVENTS})
        self.assertEqual(self.dropped(), {})
        return requests

    def test_a_connection_that_hangs(self):
        self.suffer(hang(), hang(), timeout=2)

    def test_a_connection_that_is_reset(self):
        self.suffer(reset(), reset(), network_error=2)

    def test_a_connection_that_is_closed(self):
        self.suffer(close(), close(), network_error=2)

    def test_half_a_header(self):
        self.suffer(half_header(), half_header(hang()), network_error=1, timeout=1)

    def test_an_answer_that_drips(self):
        self.suffer(drip(), drip(), timeout=2)

    def test_statuses_that_mean_later(self):
        self.suffer(answer(408), answer(429), answer(500), answer(599), server_error=4)

    def test_a_connection_that_closes_behind_each_answer(self):
        requests = self.suffer(answer(503, close=True), then=answer(200, close=True), server_error=1)
        self.assertEqual(len({it.connection for it in requests}), len(requests))

    def test_a_pause_in_seconds(self):
        requests = self.suffer(answer(429, {"Retry-After": 2}), server_error=1)
        self.assertGreaterEqual(requests[1].time - requests[0].time, 2)

    def test_a_pause_until_a_date(self):
        until = int(time.time()) + 4
        date = email.utils.formatdate(until, usegmt=True)
        requests = self.suffer(answer(503, {"Retry-After": date}), server_error=1)
        self.assertGreaterEqual(time.time() - time.monotonic() + requests[1].time, until)

    def test_a_pause_holds_for_every_attempt_behind_it(self):
        pause = {"Retry-After": 1}
        requests = self.suffer(answer(503, pause), answer(429, pause), answer(503, pause), server_error=3)
        for before, behind in zip(requests[:3], requests[1:4]):
            self.assertGreaterEqual(behind.time - before.time, 1)

    def test_nobody_there_at_first(self):
        gone = self.receiver()
        gone.close()
        self.begin(sink(gone.url()))
        self.change(EVENTS)
        wait_until(lambda: self.attempts().get("network_error", 0) >= 2, "two attempts failed")
        self.assertIn("Connection refused", self.status()["last_error"])
        receiver = self.receiver(port=gone.port)
        requests = self.wait_for_seq(receiver, self.client.fold.seq)
        self.wait_for_delivered(EVENTS)
        self.assert_arrived(requests)
        self.assertEqual(self.attempts().keys(), {"network_error", "success"})
        self.assertEqual(self.attempts()["success"], EVENTS)


class Once(WebhookCase):
    def reject(self, *behaviours):
        """Each of the first events meets one of these, and is dropped."""
        receiver = self.receiver(behaviours)
        self.begin(sink(receiver.url("/hook")))
        requests = self.wait_for_seq(receiver, self.change(len(behaviours) + EVENTS))
        self.wait_for_delivered(EVENTS)
        self.assert_arrived(requests)
        self.assertEqual(self.attempts(), {"rejected": len(behaviours), "success": EVENTS})
        self.assertEqual(self.dropped(), {"rejected": len(behaviours)})
        self.assertRegex(self.daemon.log(), f"error sink 'ops': .*{requests[0].headers['webhook-id']} is dropped")
        return requests

    def test_statuses_that_mean_never(self):
        self.reject(*(answer(status) for status in (400, 401, 403, 404, 413, 422, 501)))

    def test_redirects_lead_nowhere(self):
        elsewhere = self.receiver()
        self.reject(*(answer(status, {"Location": elsewhere.url("/there")}) for status in (301, 302, 303, 307, 308)))
        self.assertEqual((elsewhere.connections, elsewhere.requests), (0, []))

    def test_a_body_without_an_end_is_not_waited_for(self):
        receiver = self.receiver([endless(), endless()])
        self.begin(sink(receiver.url()))
        before = self.daemon.rss()
        requests = self.wait_for_seq(receiver, self.change(EVENTS))
        self.wait_for_delivered(EVENTS)
        self.assert_arrived(requests)
        self.assertEqual(self.attempts(), {"success": EVENTS})
        self.assertLess(self.daemon.rss() - before, 16 << 20)


class Gone(WebhookCase):
    def test_nothing_more_until_a_reload(self):
        receiver, witness = self.receiver([answer(), answer(410)]), self.receiver()
        config = sink(receiver.url()) + sink(witness.url(), "witness")
        self.begin(config)
        self.change(EVENTS)
        receiver.wait_for(2)
        wait_until(lambda: "answers 410: nothing more is sent" in self.daemon.log(), "it is told")
        self.wait_for_seq(witness, self.return_of_the_network())
        status = self.status()
        self.assertNotIn("next_retry_s", status)
        self.assertIn("answers 410", status["last_error"])
        self.assertFalse(status["up"])
        self.assertEqual(status["lag"], EVENTS)
        self.assertEqual(len(receiver.requests), 2)
        self.assertEqual(self.attempts(), {"success": 1, "rejected": 1})

        self.reload(config)
        requests = self.wait_for_seq(receiver, self.change(EVENTS))
        self.wait_for_delivered(len(self.told()))
        self.assertEqual([len(it.attempts) for it in deliveries(requests)], [1, 2] + [1] * (len(self.told()) - 2))
        self.assertEqual(records_of(requests), self.told())
        self.assertEqual(self.dropped(), {}, "the event that met the 410 is not lost")
        self.assertEqual(self.attempts(), {"success": len(self.told()), "rejected": 1})

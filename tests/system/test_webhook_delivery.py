"""Webhooks arrive: each event, in order, once it can; and one that hangs delays nobody else."""

import json
import random

from support import oracle
from support.daemon import scaled, wait_until
from support.receiver import answer, hang
from support.webhook_case import WebhookCase, records_of, sink


class Delivered(WebhookCase):
    def test_200_events_while_the_receiver_is_unavailable(self):
        path, secret = self.secret_file()
        receiver = self.receiver(then=answer(503))
        self.begin(sink(receiver.url("/hook"), secret_file=path))
        last = self.change(200)
        receiver.wait_for(2)
        self.assertEqual({it.json["data"]["seq"] for it in receiver.requests}, {1}, "one in flight, the first")
        wait_until(lambda: self.status().get("next_retry_s"), "a retry is due")
        self.assertIn("answers 503", self.status()["last_error"])
        self.assertFalse(self.status()["up"])
        receiver.script()
        requests = self.wait_for_seq(receiver, last)
        self.wait_for_delivered(len(self.told()))
        failures = self.attempts()["server_error"]
        self.assertGreaterEqual(failures, 2)
        self.assert_arrived(requests, failures + 1)
        self.assert_well_formed(requests, secret)
        self.assertEqual(self.attempts(), {"server_error": failures, "success": len(self.told())})
        self.assertEqual(self.dropped(), {})
        status = self.status()
        self.assertEqual((status["up"], status["lag"], status["delivered"]), (True, 0, len(self.told())))
        self.assertNotIn("last_error", status)
        self.assertRegex(self.daemon.log(), r"warning sink 'ops': .* answers 503\n")
        self.assertRegex(self.daemon.log(), r"info sink 'ops': .* takes events again\n")

    def test_failures_now_and_then(self):
        dice = random.Random(6)
        script = [answer(503) if dice.random() < 0.04 else answer() for _ in range(scaled(400))]
        script.append(answer(500))
        receiver = self.receiver(script)
        self.begin(sink(receiver.url()))
        last = self.change(len(script))
        requests = self.wait_for_seq(receiver, last)
        self.wait_for_delivered(len(self.told()))
        self.assertEqual(records_of(requests), self.told())
        due = len(self.told())
        self.assertGreater(len(requests), due)
        self.assertEqual(self.attempts(), {"success": due, "server_error": len(requests) - due})

    def test_each_request_of_one_connection(self):
        receiver = self.receiver()
        self.begin(sink(receiver.url()))
        requests = self.wait_for_seq(receiver, self.change(20))
        self.assertEqual({it.connection for it in requests}, {0})
        self.assertEqual({it.method for it in requests}, {"POST"})


class Beside(WebhookCase):
    def test_a_sink_that_hangs_for_ever(self):
        stuck, free = self.receiver(then=hang()), self.receiver()
        self.begin(sink(stuck.url(), "stuck", timeout="10 min") + sink(free.url(), "free"))
        self.change(1)
        stuck.wait_for(1)
        oracle.assert_agrees(self.namespace, self.client)
        requests = self.wait_for_seq(free, self.change(scaled(1000)))
        self.assert_arrived(requests)
        oracle.assert_agrees(self.namespace, self.client)
        self.assertEqual(len(stuck.requests), 1)
        self.assertEqual(self.status("stuck")["delivered"], 0)
        wait_until(lambda: self.status("free")["lag"] == 0, "the other is done")
        self.assertGreaterEqual(self.status("stuck")["lag"], scaled(1000))

"""A reload finds a sink in the middle of its work: what the former was told does not count, what it had in hand does."""

import json

from support.daemon import wait_until
from support.laws import is_numbered
from support.listener import Listener
from support.receiver import answer, later
from support.webhook_case import WebhookCase, sink


class FormerReceiver(WebhookCase):
    """Is asked, and answers when the sink has been sent elsewhere."""

    def left_before_it_says(self, status, headers=None):
        old, new = self.receiver(then=later(1.5, answer(status, headers or {}))), self.receiver()
        self.begin(sink(old.url("/old")))
        last = self.change(3)
        old.wait_for(1)
        self.reload(sink(new.url("/new")))
        self.assert_arrived(self.wait_for_seq(new, last))
        self.assertEqual(len(old.requests), 1)
        wait_until(lambda: self.status()["lag"] == 0, "all is delivered")
        self.assertEqual(self.status()["up"], True)
        self.assertEqual(self.dropped(), {})

    def test_gone(self):
        self.left_before_it_says(410)

    def test_not_found(self):
        self.left_before_it_says(404)

    def test_later(self):
        self.left_before_it_says(503, {"Retry-After": 3000})


class Heir(WebhookCase):
    def test_another_type_has_what_the_former_had_in_hand(self):
        receiver = self.receiver(then=answer(503, {"Retry-After": 3000}))
        self.begin(sink(receiver.url(), batch=8))
        last = self.change(20)
        wait_until(lambda: self.status().get("next_retry_s", 0) > 2000, "it waits")
        listener = Listener(str(self.folder / "listener.sock"))
        self.addCleanup(listener.close)
        self.reload(f'[[sink]]\nname = "ops"\ntype = "socket"\naddress = "{listener.address}"\n')
        wait_until(lambda: any(record["seq"] == last for record in listener.lines() if is_numbered(record)), "all is there")
        self.assertEqual([record for record in listener.lines() if is_numbered(record)], self.told())
        self.assertNotIn("not delivered", self.daemon.log())

    def test_ids_behind_a_snapshot_that_is_not_wanted_any_more(self):
        receiver = self.receiver([answer(503)])
        self.begin(sink(receiver.url(), on_start="snapshot"))
        receiver.wait_for(1)
        self.reload(sink(receiver.url()))
        requests = self.wait_for_seq(receiver, self.change(3))
        events = [json.loads(request.body) for request in requests]
        numbered = [event for event in events if is_numbered(event["data"])]
        self.assertGreaterEqual(len(numbered), 3)
        for event in numbered:
            self.assertEqual(event["id"], f"{event['data']['run']}-{event['data']['seq']}")

"""A reload changes a sink that has a request in flight: nothing is lost, nothing comes out of order or changed."""

from support.daemon import wait_until
from support.receiver import answer, later
from support.web import ask
from support.webhook_case import WebhookCase, deliveries, records_of, sink


class InFlight(WebhookCase):
    def change_in_flight(self, becomes, batch=1):
        """URL, secret and filter change while a request waits for its answer. Returns the requests at both URLs."""
        old_path, old_secret = self.secret_file()
        new_path, new_secret = self.secret_file()
        old = self.receiver(then=later(1.5, becomes))
        new = self.receiver()
        self.begin(sink(old.url("/old"), secret_file=old_path, batch=batch))
        self.change(20)
        old.wait_for(1)
        self.reload(sink(new.url("/new"), secret_file=new_path, filter={"interface": ["v*"]}, batch=batch))
        self.wait_for_seq(new, self.change(20))
        wait_until(lambda: self.status()["lag"] == 0, "all is delivered")
        self.assertEqual(len(old.requests), 1)
        self.assert_well_formed(old.requests, old_secret)
        self.assert_well_formed(new.requests, new_secret)
        return old.requests, new.requests

    def repeat_elsewhere(self, batch):
        old, new = self.change_in_flight(answer(503), batch)
        self.assertEqual(new[0].body, old[0].body)
        self.assertEqual(new[0].headers["webhook-id"], old[0].headers["webhook-id"])
        self.assertEqual(records_of(new), self.told_of("v0"))

    def test_repeated_as_it_was_where_the_new_url_leads(self):
        self.repeat_elsewhere(batch=1)

    def test_a_batch_repeated_as_it_was_where_the_new_url_leads(self):
        self.repeat_elsewhere(batch=8)

    def test_not_repeated_where_it_was_taken(self):
        old, new = self.change_in_flight(answer())
        self.assertEqual(records_of(old + new), self.told_of("v0"))
        self.assertEqual(len(deliveries(old + new)), len(old + new), "each once")

    def test_a_filter_without_the_event_in_flight(self):
        receiver = self.receiver([later(1, answer(503))])
        self.begin(sink(receiver.url()))
        self.change(1)
        receiver.wait_for(1)
        self.reload(sink(receiver.url(), filter={"kind": ["address"]}))
        requests = self.wait_for_seq(receiver, self.return_of_the_network())
        first, *others = deliveries(requests)
        self.assertEqual([record["type"] for record in first.records], ["link.changed"], "it was attempted: it stays")
        self.assertEqual(len(first.attempts), 2)
        self.assertEqual({record["type"] for delivery in others for record in delivery.records}, {"address.added"})


class Waiting(WebhookCase):
    def test_in_a_back_off_the_new_url_is_asked_at_once(self):
        old, new = self.receiver(then=answer(503, {"Retry-After": 3000})), self.receiver()
        self.begin(sink(old.url()))
        last = self.change(20)
        wait_until(lambda: self.status().get("next_retry_s", 0) > 2000, "it waits")
        self.reload(sink(new.url()))
        self.assert_arrived(self.wait_for_seq(new, last))
        self.assertEqual(len(old.requests), 1)

    def test_a_secret_is_read_again(self):
        path, secret = self.secret_file()
        receiver = self.receiver()
        config = sink(receiver.url(), secret_file=path)
        self.begin(config)
        self.wait_for_seq(receiver, self.change(3))
        self.assert_well_formed(receiver.requests, secret)
        before = len(receiver.requests)
        other, next_secret = self.secret_file()
        for held in ([secret, next_secret], [next_secret]):
            with open(path, "w", encoding="ascii") as file:
                file.write("\n".join([*held, ""]))
            self.reload(config)
            self.wait_for_seq(receiver, self.change(3))
            requests, before = receiver.requests[before:], len(receiver.requests)
            for each in held:
                self.assert_well_formed(requests, each)
        self.assertEqual(records_of(receiver.requests), self.told())

    def test_a_reload_that_is_refused_changes_nothing(self):
        receiver = self.receiver()
        self.begin(sink(receiver.url()))
        self.wait_for_seq(receiver, self.change(3))
        (self.daemon.home / "nlwatch.toml").write_text(sink(receiver.url(), secret_file="/nowhere/secret"))
        status, body = ask(self.daemon.directory / "control.sock", "/v1/reload", "POST")
        self.assertEqual(status, 422)
        self.assertIn(b"/nowhere/secret", body)
        self.assert_arrived(self.wait_for_seq(receiver, self.change(3)))

    def test_taken_out_and_put_back(self):
        receiver = self.receiver()
        config = sink(receiver.url())
        self.begin(config)
        self.wait_for_seq(receiver, self.change(3))
        self.reload("")
        unseen = self.change(3)
        self.reload(config)
        requests = self.wait_for_seq(receiver, self.change(3))
        seqs = [record["seq"] for record in records_of(requests)]
        self.assertEqual(seqs, [1, 2, 3, unseen + 1, unseen + 2, unseen + 3])

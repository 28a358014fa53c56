"""A reload finds a sink in the middle of its work: what the former was told does not count, what it had in hand does."""

import json
import pathlib
import shutil

from support.daemon import wait_until
from support.laws import LawfulFold, is_numbered
from support.listener import Listener
from support.name_server import NameServer
from support.receiver import answer, later
from support.webhook_case import WebhookCase, records_of, sink, toml


def socket_sink(address):
    return f'[[sink]]\nname = "ops"\ntype = "socket"\naddress = "{address}"\n'


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


class LookingUp(WebhookCase):
    """A socket sink asks a name server that takes its time, as dead ones do."""

    def setUp(self):
        super().setUp()
        self.namespace.ip("link", "set", "lo", "up")
        folder = pathlib.Path("/etc/netns") / self.namespace.name  # what `ip netns exec` lays over /etc
        folder.mkdir(parents=True)
        self.addCleanup(shutil.rmtree, folder)
        (folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:30 attempts:2\n")
        self.server = NameServer(self.namespace)
        self.addCleanup(self.server.close)

    def listen(self):
        listener = Listener(namespace=self.namespace)
        self.addCleanup(listener.close)
        return listener

    def ask_for(self, listener):
        self.begin(socket_sink("listener.test:" + listener.address.rpartition(":")[2]))
        self.assertTrue(self.server.asked.wait(60))

    def test_is_sent_elsewhere_meanwhile(self):
        old, new = self.listen(), self.listen()
        self.ask_for(old)
        self.reload(socket_sink(new.address))
        self.server.let()
        last = self.change(3)
        wait_until(lambda: any(record["seq"] == last for record in new.lines()), "it is there")
        self.assertEqual(old.brought, [], "nobody has come to where it was sent before")
        self.assertNotIn("cannot", self.daemon.log(), "that it was called off is no trouble")

    def test_the_answer_is_not_waited_for_at_the_end(self):
        self.ask_for(self.listen())
        self.assertEqual(self.daemon.terminate(), 0)

    def test_the_name_leads_there(self):
        listener = self.listen()
        self.ask_for(listener)
        self.server.let()
        last = self.change(3)
        wait_until(lambda: any(record["seq"] == last for record in listener.lines()), "it is there")


class OtherScope(WebhookCase):
    """The filter of a sink whose receiver folds is another."""

    def config(self, interface, **keys):
        said = {"on_start": "snapshot", "filter": {"interface": [interface]}, **keys}
        return socket_sink(self.listener.address) + "".join(f"{key} = {toml(value)}\n" for key, value in said.items())

    def folded(self):
        fold = LawfulFold(filtered=True)
        for record in self.listener.lines():
            fold.apply(record)
        return fold

    def stall(self, **keys):
        """The listener has read what there is, and reads no more."""
        self.listener = Listener(str(self.folder / "listener.sock"))
        self.addCleanup(self.listener.close)
        self.begin(self.config("v*", **keys))
        last = self.change(3)
        wait_until(lambda: self.folded().seq == last, "it is there")
        self.listener.stall()
        self.change(3)

    def assert_it_holds_w0_alone(self):
        self.namespace.batch(["link set v0 mtu 1299",  # nobody's any more
                              "link set w0 mtu 1298"])
        self.client.until(lambda fold: fold.link("w0")["mtu"] == 1298)
        self.listener.resume()
        wait_until(lambda: (self.folded().link("w0") or {}).get("mtu") == 1298, "it is told of what is its own")
        self.assertEqual(self.folded().links(), [self.client.fold.link("w0")])

    def test_the_receiver_holds_what_is_its_own_now(self):
        self.stall()
        self.reload(self.config("w*"))
        self.assert_it_holds_w0_alone()

    def test_and_once_more_before_it_is_told(self):
        self.stall()
        self.reload(self.config("w*"))
        self.reload(self.config("w*", after_gap="continue"))
        self.assert_it_holds_w0_alone()

    def test_though_it_wants_none_behind_a_gap(self):
        self.stall(after_gap="continue")
        self.reload(self.config("w*", after_gap="continue"))
        self.assert_it_holds_w0_alone()


class Log(WebhookCase):
    def test_no_snapshot_comes_into_a_log_of_everything(self):
        path = self.folder / "log"
        config = f'[[sink]]\nname = "log"\ntype = "log"\nfilter = {{ }}\nformat = "json"\nfile = "{path}"\n'

        def logged():
            return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

        self.begin(config)
        self.change(2)
        self.reload('[filter]\nkind = ["link"]\n' + config)
        self.namespace.ip("link", "set", "v0", "mtu", "1234")
        wait_until(lambda: logged() and logged()[-1].get("object", {}).get("mtu") == 1234, "it is logged")
        self.assertEqual([record["type"] for record in logged()],
                         ["link.changed", "link.changed", "reload", "link.changed"], "what is there already is no news")


class Heir(WebhookCase):
    def test_what_the_former_was_not_to_tell_stays_untold(self):
        path = self.folder / "log"
        self.begin(f'[[sink]]\nname = "ops"\ntype = "log"\nfile = "{path}"\n')
        self.change(5)  # of the MTU, which a log does not tell unless it is asked to
        wait_until(lambda: self.status()["lag"] == 0, "they are behind it")
        receiver = self.receiver()
        self.reload(sink(receiver.url()))
        last = self.change(1)
        self.assertEqual([record["seq"] for record in records_of(self.wait_for_seq(receiver, last))], [last])

    def test_another_type_has_what_the_former_had_in_hand(self):
        receiver = self.receiver(then=answer(503, {"Retry-After": 3000}))
        self.begin(sink(receiver.url(), batch=8))
        last = self.change(20)
        wait_until(lambda: self.status().get("next_retry_s", 0) > 2000, "it waits")
        listener = Listener(str(self.folder / "listener.sock"))
        self.addCleanup(listener.close)
        self.reload(socket_sink(listener.address))
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

"""Who is spoken to, and who speaks: certificates on both sides, and names that lead elsewhere."""

import pathlib
import shutil

from support.certificates import Authority
from support.daemon import wait_until
from support.receiver import Tls
from support.webhook_case import WebhookCase, sink

EVENTS = 5


class Certificates(WebhookCase):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.folder)
        self.tls = {"ca_file": self.authority.certificate}

    def distrust(self, bad, why, good=None):
        """Nothing is sent to a receiver that shows itself by `bad`, until it has another certificate."""
        receiver = self.receiver(tls=Tls(bad))
        url = receiver.url("/hook", host="127.0.0.1")
        self.begin(sink(url, tls=self.tls))
        self.change(EVENTS)
        wait_until(lambda: self.attempts().get("network_error", 0) >= 2, "two attempts failed")
        self.assertIn(why, self.status()["last_error"])
        receiver.close()
        self.assertEqual(receiver.requests, [])
        self.assertGreaterEqual(receiver.connections, 2)
        better = self.receiver(port=receiver.port, tls=Tls(good or self.authority.issue("IP:127.0.0.1")))
        requests = self.wait_for_seq(better, self.client.fold.seq)
        self.wait_for_delivered(EVENTS)
        self.assert_arrived(requests)
        self.assertEqual(self.attempts().keys(), {"network_error", "success"})
        self.assertEqual(self.dropped(), {})

    def test_one_that_has_expired(self):
        self.distrust(self.authority.issue("IP:127.0.0.1", days=-1), "certificate has expired")

    def test_one_for_another_host(self):
        self.distrust(self.authority.issue("DNS:elsewhere.test,IP:127.0.0.2"), "127.0.0.1")

    def test_one_of_another_authority(self):
        folder = self.folder / "other"
        folder.mkdir()
        self.distrust(Authority(folder).issue("IP:127.0.0.1"), "certificate")

    def test_our_own_is_shown_to_who_demands_it(self):
        clients = self.folder / "clients"
        clients.mkdir()
        known = Authority(clients)
        own = known.issue("DNS:nlwatch.test")
        receiver = self.receiver(tls=Tls(self.authority.issue("IP:127.0.0.1"), clients=known.certificate))
        self.begin(sink(receiver.url(), tls=self.tls))
        last = self.change(EVENTS)
        wait_until(lambda: self.attempts().get("network_error"), "without it nothing goes")
        self.assertEqual(receiver.requests, [])
        shown = {"certificate_file": own.certificate, "secret_file": own.key}
        self.reload(sink(receiver.url(), tls={**self.tls, **shown}))
        self.assert_arrived(self.wait_for_seq(receiver, last))


class Names(WebhookCase):
    def setUp(self):
        super().setUp()
        folder = pathlib.Path("/etc/netns") / self.namespace.name  # what `ip netns exec` lays over /etc
        folder.mkdir(parents=True)
        self.addCleanup(shutil.rmtree, folder)
        self.hosts = folder / "hosts"

    def test_dies_and_returns_at_another_address_of_its_name(self):
        self.hosts.write_text("127.0.0.1 hooks.test\n")
        first = self.receiver()
        self.begin(sink(first.url("/hook", host="hooks.test")))
        self.wait_for_seq(first, self.change(EVENTS))
        self.wait_for_delivered(EVENTS)
        first.close()
        self.change(EVENTS)
        wait_until(lambda: self.attempts().get("network_error"), "it is not reached")
        second = self.receiver(address="127.0.0.2", port=first.port)
        self.hosts.write_text("127.0.0.2 hooks.test\n")
        self.wait_for_seq(second, self.client.fold.seq)
        self.assert_arrived(first.requests + second.requests)
        self.assertEqual(second.requests[0].headers["host"], f"hooks.test:{first.port}")

    def test_a_name_that_is_not_there_yet(self):
        self.hosts.write_text("127.0.0.1 localhost\n")
        receiver = self.receiver()
        self.begin(sink(receiver.url(host="hooks.test")))
        self.change(EVENTS)
        wait_until(lambda: self.attempts().get("network_error"), "it is not found")
        self.assertIn("cannot resolve the name of hooks.test", self.status()["last_error"])
        self.hosts.write_text("127.0.0.1 hooks.test\n")
        self.assert_arrived(self.wait_for_seq(receiver, self.client.fold.seq))

"""Receivers that only a proxy reaches: their names mean nothing where the daemon is."""

from support.certificates import Authority
from support.daemon import wait_until
from support.receiver import Tls, answer, tunnel
from support.webhook_case import WebhookCase, sink

EVENTS = 5


class Proxy(WebhookCase):
    def test_asked_for_the_whole_url(self):
        proxy = self.receiver()
        path, secret = self.secret_file()
        self.begin(sink("http://hooks.test/hook?a=b", proxy=proxy.url(""), secret_file=path))
        requests = self.wait_for_seq(proxy, self.change(EVENTS))
        self.wait_for_delivered(EVENTS)
        self.assertEqual({(it.method, it.target) for it in requests}, {("POST", "http://hooks.test/hook?a=b")})
        self.assertEqual({it.headers["host"] for it in requests}, {"hooks.test"})
        self.assert_arrived(requests)
        self.assert_well_formed(requests, secret)

    def tunnel(self, known, *refusals, of=None):
        """Through a proxy that shows itself by `of`; the authority `known` vouches for the receiver."""
        self.there = self.receiver(tls=Tls(known.issue("DNS:hooks.test")))
        self.proxy = self.receiver(refusals, then=tunnel(self.there), tls=of and Tls(of.issue("IP:127.0.0.1")))
        path, self.token = self.secret_file("t0ken")
        self.begin(sink("https://hooks.test/hook", proxy=self.proxy.url(""), tls={"ca_file": known.certificate},
                        auth={"secret_file": path}))
        self.change(EVENTS)

    def assert_unseen(self):
        requests = self.wait_for_seq(self.there, self.client.fold.seq)
        self.wait_for_delivered(EVENTS)
        self.assert_arrived(requests)
        self.assertEqual({it.headers["authorization"] for it in requests}, {f"Bearer {self.token}"})
        self.assertEqual({(it.method, it.target) for it in self.proxy.requests}, {("CONNECT", "hooks.test:443")})
        self.assertFalse([it for it in self.proxy.requests if self.token in str(it.headers)], "that is not for it")

    def test_a_tunnel_in_which_it_sees_nothing(self):
        self.tunnel(Authority(self.folder), answer(403), answer(403))
        wait_until(lambda: "response 403" in self.daemon.log(), "the proxy refuses")
        self.assert_unseen()

    def test_a_tunnel_that_is_encrypted_itself(self):
        known = Authority(self.folder)
        self.tunnel(known, of=known)
        self.assert_unseen()

    def test_one_that_nobody_vouches_for(self):
        folder = self.folder / "other"
        folder.mkdir()
        self.tunnel(Authority(self.folder), of=Authority(folder))
        wait_until(lambda: self.attempts().get("network_error"), "nothing goes")
        self.assertRegex(self.status()["last_error"], "^the proxy: SSL certificate problem")
        self.assertEqual(self.proxy.requests, [])

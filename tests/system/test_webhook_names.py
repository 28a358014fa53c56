"""Names of any bytes reach a receiver as text that can break nothing; what is secret in a URL is shown nowhere."""

import json

from support import oracle
from support.receiver import answer
from support.rtnetlink import Requests
from support.web import ask
from support.webhook_case import WebhookCase, records_of, sink

NAMES = (b'a"b', b"a\x1b[31m", b"a\xff\xfe", b"a\\", b"a\x01\x7f", b"<b>&", b"a\xe2\x82")
ALIASES = (b'one\r\nX-Injected: "yes"\r\n\r\n{}', b'", "id": "forged', b"%0d%0a%00%s%n",
           b"\x1b]0;title\x07\xff\xe2\x82", b"\r\n" * 100)
TOKEN = "s3cr3t-t0k3n"


class Names(WebhookCase):
    def setUp(self):
        super().setUp()
        self.requests = Requests(self.namespace)
        self.addCleanup(self.requests.close)

    def make_all(self):
        """Links of these names, and aliases and altnames as bad."""
        for number, name in enumerate(NAMES):
            self.requests.add_veth(name, b"q%d" % number)
        link = self.client.until(lambda fold: fold.link("<b>&"))["ifindex"]
        self.namespace.ip("link", "set", "<b>&", "up")  # of one that is down the kernel does not tell the alias
        for alias in ALIASES:
            self.requests.set_alias(link, alias)
        self.requests.add_altname(link, b'new\r\nline"%s\x1b\xfe')
        self.namespace.ip("address", "add", "203.0.113.1/24", "dev", "q0")
        oracle.settle(self.namespace, self.client)
        return self.client.fold.seq

    def assert_bad_ones_arrived(self, requests):
        objects = [record["object"] for record in records_of(requests)]
        raw = {bytes.fromhex(it["ifalias_hex"]) if "ifalias_hex" in it else it.get("ifalias", "").encode()
               for it in objects}
        self.assertLessEqual(set(ALIASES), raw)
        raw = {bytes.fromhex(it["ifname_hex"]) if "ifname_hex" in it else it["ifname"].encode() for it in objects}
        self.assertLessEqual(set(NAMES), raw)

    def deliver_all(self, **keys):
        path, secret = self.secret_file()
        receiver = self.receiver([answer(503)], then=answer(200, body=b'bad\r\n\x1b[2J\xff"answer'))
        self.begin(sink(receiver.url("/hook"), secret_file=path, **keys))
        requests = self.wait_for_seq(receiver, self.make_all())
        return receiver, requests, secret

    def test_single_events(self):
        receiver, requests, secret = self.deliver_all()
        self.assert_arrived(requests, 2)
        self.assert_bad_ones_arrived(requests)
        self.assert_well_formed(requests, secret)
        self.assert_plain(requests)
        self.assertEqual(receiver.refusals, [])

    def test_batches(self):
        _, requests, secret = self.deliver_all(batch=7)
        self.assert_records_arrived(requests)
        self.assert_bad_ones_arrived(requests)
        self.assert_well_formed(requests, secret)
        self.assert_plain(requests)

    def assert_plain(self, requests):
        names = {"host", "accept", "content-type", "content-length", "webhook-id", "webhook-timestamp",
                 "webhook-signature"}
        for request in requests:
            self.assertEqual(request.headers.keys(), names)
            self.assertEqual((request.method, request.target), ("POST", "/hook"))
            for value in request.headers.values():
                self.assertRegex(value, r"\A[\x20-\x7e]+\Z")
            self.assertNotRegex(request.body.decode(), r"[\x00-\x1f]")

    def test_what_a_receiver_answers_breaks_no_line_of_the_log(self):
        bad = b'no\r\n2026-01-01T00:00:00.000+00:00 error forged\x1b[2J\xff\x00 "%s%n'
        receiver = self.receiver([answer(400, {"X-Bad": "a\x1b[2Jb"}, bad)])
        self.begin(sink(receiver.url()))
        self.wait_for_seq(receiver, self.change(2))
        self.wait_for_delivered(1)
        log = (self.daemon.home / "stderr").read_bytes()
        log.decode("utf-8")
        self.assertNotRegex(log, rb"[\x00-\x09\x0b-\x1f\x7f]")
        self.assertNotRegex(log, rb"(?m)^2026-01-01")
        self.assertIn(b"answers 400 (no", log)


class Url(WebhookCase):
    """A receiver that is told apart by a token in the query, as chat services do."""

    def setUp(self):
        super().setUp()
        self.seen = []

    def see(self, text):
        text = text if isinstance(text, str) else text.decode(errors="replace")
        self.seen.append(text)
        return text

    def run_and_see(self, *argv):
        done = self.nlwatch(*argv)
        self.see(done.stdout)
        self.see(done.stderr)
        return done

    def assert_not_shown(self):
        for text in self.seen:
            self.assertNotIn(TOKEN, text)
            self.assertNotIn("/hooks/", text)

    def see_every_door(self):
        for target in ("/metrics", "/v1/status"):
            self.see(ask(self.http, target)[1])
        run = str(self.daemon.directory)
        for argv in (["status"], ["status", "-o", "json"], ["sink", "test", "ops"], ["reload"]):
            self.run_and_see(*argv, "--dir", run)
        self.run_and_see("check", str(self.daemon.home / "nlwatch.toml"))
        self.see(self.daemon.log())

    def test_at_every_door_while_it_fails_and_when_it_is_well(self):
        echo = f"Cannot POST /hooks/{TOKEN}".encode()  # as many a receiver says
        receiver = self.receiver([answer(503, body=echo), answer(400, body=echo)], then=answer(200, body=echo))
        target = f"/hooks/{TOKEN}?token={TOKEN}"
        self.begin('[log]\nlevel = "debug"\n' + sink(receiver.url(target)))
        self.wait_for_seq(receiver, self.change(3))
        self.see_every_door()
        port = receiver.port
        receiver.close()
        self.change(1)
        self.see_every_door()
        self.assertIn(f"127.0.0.1:{port}", self.see(ask(self.http, "/v1/status")[1]))
        self.assert_not_shown()
        self.assertEqual({it.target for it in receiver.requests}, {target})

    def test_in_what_is_said_of_a_configuration_that_is_wrong(self):
        receiver = self.receiver()
        self.begin(sink(receiver.url()))
        file = self.daemon.home / "nlwatch.toml"
        good = f"https://hooks.test/hooks/{TOKEN}"
        for table in (sink(good + " x"), sink(good.replace("https", "gopher")), sink(good, batch=0),
                      sink(good, nonsense=1), sink(f"https://user:{TOKEN}@hooks.test/hooks/x"),
                      sink(good).replace('"\n', '\n', 3), sink(good, proxy=f"http://user:{TOKEN}@proxy.test:1"),
                      sink(good).replace("url", "uri"), sink(good, name="bad name"),
                      sink(good, headers={"a b": TOKEN}),
                      sink(good, auth={"user": f"ops:{TOKEN}", "secret_file": "/x"})):
            with self.subTest(table):
                file.write_text(table)
                self.assertNotEqual(self.run_and_see("check", str(file)).returncode, 0)
                status, body = ask(self.daemon.directory / "control.sock", "/v1/reload", "POST")
                self.assertEqual(status, 422)
                self.assertRegex(self.see(json.loads(body)["message"]), r"nlwatch\.toml:\d+:\d+: error: ")
                self.see_every_door()
                self.assert_not_shown()

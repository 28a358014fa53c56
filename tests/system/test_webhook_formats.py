"""What the configuration makes of a webhook: bodies, a state to begin with, delays, signatures, authentication."""

import base64
import hmac
import json
import os
import time

from support import oracle
from support.certificates import Authority
from support.daemon import wait_until
from support.fold import Fold
from support.receiver import answer
from support.webhook_case import WebhookCase, deliveries, records_of, sink


class Bodies(WebhookCase):
    def deliver(self, **keys):
        """50 events, of which the first has to wait; returns the requests."""
        self.path, self.secret = self.secret_file()
        receiver = self.receiver([answer(503)])
        self.begin(sink(receiver.url(), secret_file=self.path, **keys))
        self.change(50)
        self.wait_for_delivered(50)
        return receiver.requests

    def types(self, requests):
        return {request.headers["content-type"].partition(";")[0] for request in requests}

    def lines(self, requests):
        return [json.loads(line) for request in requests for line in request.body.decode().splitlines()]

    def test_batches(self):
        requests = self.deliver(batch=8)
        self.assertEqual(self.types(requests), {"application/cloudevents-batch+json"})
        self.assertEqual(records_of(requests), self.told())
        self.assert_well_formed(requests, self.secret)
        sizes = [len(delivery.records) for delivery in deliveries(requests)]
        self.assertLessEqual(max(sizes), 8)
        self.assertEqual(max(sizes), 8)
        ids = [(event["id"], event["data"]["seq"]) for request in requests for event in request.json]
        self.assertEqual({key for key, _ in ids}, {f"{self.client.fold.run}-{seq}" for _, seq in ids})
        self.assertEqual(self.attempts(), {"server_error": 1, "success": len(sizes)})

    def test_records(self):
        requests = self.deliver(format="native")
        self.assertEqual(self.types(requests), {"application/json"})
        self.assertEqual(self.lines(requests[1:]), self.told())
        self.assertEqual({request.headers["webhook-id"] for request in requests},
                         {f"{record['run']}-{record['seq']}" for record in self.told()})
        self.assert_signed(requests)

    def test_batches_of_records(self):
        requests = self.deliver(format="native", batch=1000)
        self.assertEqual(self.types(requests), {"application/x-ndjson"})
        self.assertEqual(requests[0].body, requests[1].body)
        self.assertEqual(self.lines(requests[1:]), self.told())
        for request in requests:
            self.assertTrue(request.body.endswith(b"}\n"))
        self.assert_signed(requests)

    def assert_signed(self, requests):
        """By hand: standardwebhooks takes no body but one JSON value."""
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        for request in requests:
            said = [request.headers["webhook-id"], request.headers["webhook-timestamp"], ""]
            digest = hmac.digest(key, ".".join(said).encode() + request.body, "sha256")
            self.assertEqual(request.headers["webhook-signature"], f"v1,{base64.b64encode(digest).decode()}")

    def test_a_prefix_and_headers(self):
        requests = self.deliver(type_prefix="org.example.", headers={"X-Site": "fra1"})
        self.assertEqual({request.json["type"] for request in requests}, {"org.example.link.changed"})
        self.assertEqual({it.headers["x-site"] for it in requests}, {"fra1"})
        self.assert_well_formed(requests, self.secret)


class Beginning(WebhookCase):
    def begin_with_a_snapshot(self, **keys):
        self.namespace.batch(["address add 192.0.2.1/24 dev v0", "link set v0 up"])
        receiver = self.receiver()
        self.begin(sink(receiver.url(), on_start="snapshot", **keys))
        requests = self.wait_for_seq(receiver, self.change(5))
        records = records_of(requests)
        kinds = [record["type"] for record in records]
        self.assertEqual(kinds[0], "snapshot.begin")
        self.assertEqual(kinds.count("snapshot.end"), 1)
        fold = Fold()
        for record in records:
            fold.apply(record)
        self.assertTrue(fold.settled)
        oracle.assert_agrees(self.namespace, self.client, ignore=["ifalias"])
        self.assertEqual(oracle.differences(fold.objects, self.client.fold.objects, ignore=["ifalias"]), [])
        self.assert_well_formed(requests)

    def test_with_the_whole_state(self):
        self.begin_with_a_snapshot()

    def test_with_the_whole_state_in_batches(self):
        self.begin_with_a_snapshot(batch=100)


class Outages(WebhookCase):
    """w0 has no carrier while its peer v0 is down."""

    def setUp(self):
        super().setUp()
        self.namespace.batch(["link set v0 up", "link set w0 up"])

    def turn(self, way):
        self.namespace.ip("link", "set", "v0", way)
        self.client.until(lambda fold: (fold.link("w0")["state"] == "up") == (way == "up"))

    def ways(self, records):
        return [way for record in records for way in record.get("transitions", []) if way.startswith("state_")]

    def test_one_that_is_held_back_waits(self):
        self.begin(sink(self.receiver().url(), down_delay="1 h", filter={"interface": ["w0"], "type": ["link.*"]}))
        self.client.until(lambda fold: fold.link("w0")["state"] == "up")
        self.turn("down")
        wait_until(lambda: self.status().get("oldest_age_s", 0) > 0.5, "it is as old as what is held")
        self.assertGreater(self.status()["lag"], 0)

    def test_one_that_is_over_soon_is_not_told(self):
        keys = {"filter": {"interface": ["w0"], "transition": ["state_down", "state_up"]}}
        patient, hasty = self.receiver(), self.receiver()
        self.begin(sink(patient.url(), down_delay="3 s", **keys) + sink(hasty.url(), "hasty", **keys))
        self.client.until(lambda fold: fold.link("w0")["state"] == "up")
        begun = len(self.ways(self.told_of("w0")))  # 1 if the kernel was slow to say that it is up
        for way in ("down", "up") * 3:
            self.turn(way)
        self.turn("down")
        begin_of_outage = time.monotonic()
        request = patient.wait_until(lambda it: "state_down" in self.ways(records_of(it)), "the outage is told")[-1]
        self.assertGreater(request.time - begin_of_outage, 2.5)
        self.assertEqual(self.ways(records_of(patient.requests))[begun:], ["state_down"])
        self.assertEqual(self.status()["left_out"], 6)
        self.assertNotIn("left_out", self.status("hasty"))
        hasty.wait_for(begun + 7)
        each = ["state_down", "state_up"] * 3 + ["state_down"]
        self.assertEqual(self.ways(records_of(hasty.requests))[begun:], each)
        self.assertEqual(records_of(hasty.requests)[-1], records_of(patient.requests)[-1])
        self.turn("up")
        patient.wait_for(begun + 2)
        self.assertEqual(self.ways(records_of(patient.requests))[begun:], ["state_down", "state_up"])


class Who(WebhookCase):
    def authorization(self, text, **auth):
        path = self.folder / "secret-of-auth"
        path.write_text(text)
        receiver = self.receiver()
        self.begin(sink(receiver.url(), auth={**auth, "secret_file": str(path)}))
        self.wait_for_seq(receiver, self.change(3))
        self.assertNotIn(text.strip(), self.daemon.log())
        held, = {request.headers["authorization"] for request in receiver.requests}
        return held

    def test_a_token(self):
        self.assertEqual(self.authorization("s3cr3t-t0k3n\n"), "Bearer s3cr3t-t0k3n")

    def test_a_password(self):
        held = self.authorization('p:a"ss\\w%rd\n', user="nlwatch")
        self.assertEqual(base64.b64decode(held.removeprefix("Basic ")), b'nlwatch:p:a"ss\\w%rd')

    def test_both_secrets_sign_while_one_takes_the_others_place(self):
        _, first = self.secret_file()
        _, second = self.secret_file()
        path, _ = self.secret_file(first, second)
        receiver = self.receiver()
        self.begin(sink(receiver.url(), secret_file=path))
        requests = self.wait_for_seq(receiver, self.change(5))
        for secret in (first, second):
            self.assert_well_formed(requests, secret)
        for request in requests:
            self.assertEqual(len(request.headers["webhook-signature"].split(" ")), 2)

    def assert_refused(self, why, **keys):
        """Before anything begins, and by a reload."""
        path = self.folder / "nlwatch.toml"
        path.write_text(sink("https://127.0.0.1:1/", **keys))
        done = self.nlwatch("run", "--dir", str(self.folder), "-c", str(path))
        self.assertEqual(done.returncode, os.EX_CONFIG, done)
        self.assertRegex(done.stderr.decode(), why)
        self.assertNotIn("HUNTER", done.stderr.decode())

    def test_a_secret_that_is_not_there_is_told_before_anything_begins(self):
        self.assert_refused("the secrets of sink 'ops': /no/such: there is no such file", secret_file="/no/such")

    def test_what_could_never_be_sent_is_told_before_anything_begins(self):
        path, _ = self.secret_file("HUNTER", "TWO")
        self.assert_refused(f"'auth' of sink 'ops': {path}: must be one line", auth={"secret_file": path})
        self.assert_refused(f"{path}: must be one line", auth={"secret_file": path, "user": "ops"})
        blank, _ = self.secret_file("HUNTER TWO")
        self.assert_refused(f"{blank}: no token has a blank in it", auth={"secret_file": blank})
        self.assert_refused(rf"'ops': {path}: line 1: not base64; a secret is a line of whsec_ and the base64 of 24 to 64 "
                            r"random bytes: echo whsec_\$\(head", secret_file=path)

    def test_files_of_tls_that_are_none_are_told_before_anything_begins(self):
        path, _ = self.secret_file("HUNTER")
        self.assert_refused("'tls' of sink 'ops': /no/such: no certificate can be read from it: No such file",
                            tls={"ca_file": "/no/such"})
        own = Authority(self.folder).issue("DNS:nlwatch.test")
        self.assert_refused("'tls' of sink 'ops': the client's key cannot be read as PEM",
                            tls={"certificate_file": own.certificate, "secret_file": path})

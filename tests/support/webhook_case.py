"""A daemon with webhooks, the receivers that they go to, and what has to arrive there."""

import base64
import itertools
import json
import os
import pathlib
import shutil
import tempfile
from typing import NamedTuple

from support.case import DaemonCase
from support.daemon import wait_until
from support.laws import is_numbered
from support.receiver import Receiver, answer
from support.web import ask, scrape
from support.webhooks import judged


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(held)}" for key, held in value.items()) + " }"
    return json.dumps(value)


def sink(url, name="ops", **keys):
    """The table of a webhook."""
    keys = {"name": name, "type": "webhook", "url": url, **keys}
    return "[[sink]]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in keys.items())


class Delivery(NamedTuple):
    """Of one event or batch."""
    attempts: list  # the requests, all with its id
    records: list


def deliveries(requests):
    """In order. Ids and bodies are the same on every attempt, and no id comes again once another one has come."""
    made = []
    for _, attempts in itertools.groupby(requests, lambda it: it.headers["webhook-id"]):
        attempts = list(attempts)
        bodies = {it.body for it in attempts}
        assert len(bodies) == 1, f"the body of {attempts[0].headers['webhook-id']} changed: {bodies}"
        body = attempts[0].json
        made.append(Delivery(attempts, [event["data"] for event in (body if isinstance(body, list) else [body])]))
    ids = [it.attempts[0].headers["webhook-id"] for it in made]
    assert len(ids) == len(set(ids)), f"an id came again: {ids}"
    return made


def records_of(requests):
    return [record for delivery in deliveries(requests) for record in delivery.records]


class WebhookCase(DaemonCase):
    """Receivers in the daemon's namespace, which holds a veth v0; the stream is the witness of what has to arrive."""

    def setUp(self):
        super().setUp()
        self.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "w0")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nlwatch-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self._mtu = 1300
        self._addresses = 0

    def receiver(self, script=(), then=None, **options):
        made = Receiver(script, then, **{"namespace": self.namespace.name, **options})
        self.addCleanup(made.close)
        return made

    def secret_file(self, *secrets):
        """The path of a file that holds them, or a new one; and the last one."""
        secrets = secrets or ("whsec_" + base64.b64encode(os.urandom(32)).decode(),)
        path = self.folder / f"secret-{len(list(self.folder.iterdir()))}"
        path.write_text("\n".join([*secrets, ""]))
        return str(path), secrets[-1]

    def begin(self, config):
        self.daemon = self.start(config)
        self.http = self.daemon.directory / "http.sock"
        self.client = self.daemon.settled_client()

    def reload(self, config):
        (self.daemon.home / "nlwatch.toml").write_text(config)
        status, body = ask(self.daemon.directory / "control.sock", "/v1/reload", "POST")
        self.assertEqual(status, 200, body)

    def change(self, count):
        """So many events of v0; returns the seq of the last one."""
        lines = []
        for _ in range(count):
            self._mtu = self._mtu + 1 if self._mtu < 9000 else 1300
            lines.append(f"link set v0 mtu {self._mtu}")
        self.namespace.batch(lines)
        self.client.until(lambda fold: fold.link("v0")["mtu"] == self._mtu)
        return self.client.fold.seq

    def return_of_the_network(self):
        """An address that reaches out: what waits in a back-off is tried within a second, once in half a minute."""
        self._addresses += 1
        address = f"192.0.2.{self._addresses}"
        self.namespace.ip("address", "add", f"{address}/32", "dev", "lo")
        self.client.until(lambda fold: fold.address(address))
        return self.client.fold.seq

    def told(self):
        """The stream's records so far that webhooks owe."""
        self.client.advance()
        return [record for record in self.client.records() if is_numbered(record)]

    def told_of(self, ifname):
        return [record for record in self.told() if record.get("object", {}).get("ifname") == ifname]

    def wait_for_seq(self, receiver, seq, timeout=90):
        """The requests, as soon as that record is among them: not long ago, since others may have followed it."""
        return receiver.wait_until(lambda requests: any(f'"seq":{seq},'.encode() in it.body for it in requests[-100:]),
                                   f"the record {seq} is there", timeout)

    def status(self, name="ops"):
        sinks = json.loads(ask(self.http, "/v1/status")[1])["sinks"]
        return next(it for it in sinks if it["name"] == name)

    def count(self, family, label, name="ops"):
        """The counters of a sink, by the last label; those that are 0 left out."""
        start = f'nlwatch_sink_{family}_total{{sink="{name}",type="webhook",{label}="'
        return {series[len(start):-2]: int(value) for series, value in scrape(self.http).items()
                if series.startswith(start) and value}

    def attempts(self, name="ops"):
        return self.count("attempts", "outcome", name)

    def dropped(self, name="ops"):
        return self.count("dropped_events", "reason", name)

    def wait_for_delivered(self, count, name="ops"):
        """Until the daemon has read the answer to the last one."""
        wait_until(lambda: self.count("events", "result", name).get("delivered", 0) >= count, f"{count} are delivered")
        self.assertEqual(self.count("events", "result", name)["delivered"], count)

    def assert_records_arrived(self, requests):
        records = records_of(requests)
        self.assertEqual(records, [record for record in self.told() if record["seq"] <= records[-1]["seq"]])

    def assert_well_formed(self, requests, secret=None):
        """By npm's standardwebhooks and cloudevents."""
        self.assertTrue(requests)
        for request, verdict in zip(requests, judged(requests, secret), strict=True):
            self.assertIsNone(verdict.signature, request)
            self.assertIsNone(verdict.envelope, request.body)

    def assert_arrived(self, requests, attempts=1):
        """All that the stream told up to there, in order: the first after so many attempts, each other at once."""
        made = deliveries(requests)
        self.assert_records_arrived(requests)
        self.assertEqual([len(delivery.attempts) for delivery in made], [attempts] + [1] * (len(made) - 1))

"""The base of the named regressions: commands for `ip`, and the records that come of them."""

import json

from support import churn, oracle
from support.case import DaemonCase
from support.laws import is_object_record


class Regression(DaemonCase):
    """A daemon, and a client that has read its snapshot."""

    config = '[netlink]\naudit_interval = "1 h"\n'  # nothing comes to light by an audit that nobody asked for

    def setUp(self):
        super().setUp()
        self.daemon = self.start()
        self.client = self.daemon.settled_client()

    def start_anew(self):
        """Another daemon, for which nothing that was done before makes an audit due."""
        self.daemon.terminate()
        self.daemon = self.start()
        self.client = self.daemon.settled_client()

    def do(self, *lines):
        """Runs `ip` commands; returns the records of objects until the stream agrees with the kernel."""
        before = self.mark()
        for line in lines:
            self.namespace.ip(*line.split())
        return self.since(before)

    def mark(self):
        self.client.advance()
        return len(self.client.lines)

    def since(self, before):
        """The records behind that mark, once all is told; without those of lo, which bears the oracle's token."""
        oracle.assert_agrees(self.namespace, self.client)
        return [record for record in self.client.records()[before:]
                if is_object_record(record) and (record["type"], record["object"]["ifname"]) != ("link.changed", "lo")]

    def told(self, records, kind, **members):
        """The one record of that type whose object has these members."""
        found = [record for record in records
                 if record["type"] == kind and members.items() <= record["object"].items()]
        self.assertEqual(len(found), 1, json.dumps(records, indent=1))
        return found[0]

    def make_pair(self, left, right):
        """A veth pair, up. The kernel may take a second to say that it is; link-local addresses come then."""
        self.namespace.batch(churn.make_pair(left, right))
        self.client.until(lambda fold: all((fold.link(name) or {}).get("state") == "up" and self.addresses_of(name)
                                           for name in (left, right)))

    def addresses_of(self, ifname):
        return [address for address in self.client.fold.addresses() if address["ifname"] == ifname]

    def told_in_order(self, records):
        """(what happened, to which link or address)"""
        return [(record["type"], record["object"].get("local", record["object"]["ifname"])) for record in records]

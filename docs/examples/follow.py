#!/usr/bin/env python3
"""Holds the state of the network as nlwatch tells it, and prints what changes: follow.py [HTTP-SOCKET]"""

import http.client
import json
import socket
import sys
import time


class Connection(http.client.HTTPConnection):
    """HTTP on a Unix socket."""

    def __init__(self, path):
        super().__init__("nlwatch")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class Network:
    """What the daemon knows, as far as it was read."""

    def __init__(self, state):
        """state: the answer of /v1/state."""
        self.objects = state["objects"]  # by key
        self.settled = state["settled"]  # False while a loss is being repaired
        self.position = f"{state['run']}:{state['seq']}"  # where to go on after a break
        self._snapshot = {}  # the one under way; if another begins, or the connection breaks, it is void

    def read(self, record):
        """Takes one record in; yields what it changed as (type, object before or None, object after or None)."""
        kind = record["type"]
        if kind == "snapshot.begin":
            self._snapshot = {}
            return  # no position: what it announces is not there yet
        elif kind == "snapshot.end":
            yield from self._missed()
            self.settled = record["settled"]
        elif kind == "resync.begin":
            self.settled = False
        elif kind == "resync.end":
            self.settled = True
        elif record.get("origin") == "snapshot":
            self._snapshot[record["key"]] = record["object"]
            return  # told at its end, and no position
        elif "key" in record:  # of whatever kind: there may be more of them than this program knows
            before, after = self.objects.pop(record["key"], None), None
            if kind.endswith(".removed"):
                before = record["object"]
            else:
                after = self.objects[record["key"]] = record["object"]
            yield kind, before, after
        elif kind not in ("reload", "bookmark"):
            return  # hello, gap, or of a later version: not a position
        # After the record's change was dealt with: whoever stops in between is told it again, and misses nothing.
        self.position = f"{record['run']}:{record['seq']}"

    def _missed(self):
        """A snapshot came after a gap: what is different now."""
        old, self.objects = self.objects, self._snapshot
        for key in old.keys() | self.objects.keys():
            before, after = old.get(key), self.objects.get(key)
            if before != after:
                yield "while away", before, after


def get(path, target):
    connection = Connection(path)
    connection.request("GET", target, headers={"Connection": "close"})
    response = connection.getresponse()
    if response.status == 200:
        return response
    answer = json.loads(response.read())
    if response.status == 503:  # not yet, or too many connections
        raise ConnectionError(answer["message"])
    raise RuntimeError(answer["message"])


def lines(response):
    while line := response.readline():
        if line.endswith(b"\n"):  # else it broke off in the middle
            yield json.loads(line)


def follow(path):
    """Yields (network, change) for ever, whatever becomes of the connection or of the daemon."""
    network = None
    while True:
        try:
            if network is None:
                network = Network(json.load(get(path, "/v1/state")))
                yield network, None
            for record in lines(get(path, f"/v1/events?since={network.position}")):
                if record["type"] == "gap":
                    print("gap:", record["reason"], flush=True)
                for change in network.read(record):
                    yield network, change
        except (OSError, http.client.HTTPException) as error:
            print("again in a second:", error, file=sys.stderr)
        time.sleep(1)


def words(before, after):
    if before is None:
        return "is new"
    if after is None:
        return "is gone"
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return ", ".join(f"{name} {before.get(name)!r} -> {after.get(name)!r}" for name in names)


def main():
    for network, change in follow(sys.argv[1] if len(sys.argv) > 1 else "/run/nlwatch/http.sock"):
        if change is None:
            print(f"{len(network.objects)} objects as of {network.position}", flush=True)
            continue
        kind, before, after = change
        which = after or before
        print(kind, repr(which["ifname"]), which.get("local", ""), words(before, after), flush=True)


if __name__ == "__main__":
    main()

"""What a webhook that hangs for ever costs another, and the stream: python3 tests/bench/hanging_sink.py NLWATCH [EVENTS]
(root)

The same events several times in one run, in turn while all receivers answer and while one hangs: seconds until the other
receiver, and a reader of the stream, have them all, and what the hanging one made of it."""

import os
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
if len(sys.argv) > 1:
    os.environ["NLWATCH"] = sys.argv[1]  # read by support.daemon

from support.daemon import Daemon, wait_until  # noqa: E402
from support.namespace import Namespace  # noqa: E402
from support.reader import Hub  # noqa: E402
from support.receiver import Receiver, hang  # noqa: E402
from support.webhook_case import sink  # noqa: E402

ROUNDS = 5


class Round:
    def __init__(self, namespace, client, receiver):
        self._namespace, self._client, self._receiver = namespace, client, receiver
        self._mtu = 1300

    def seconds(self, count):
        """Of (the stream, the receiver)."""
        wanted = self._client.fold.seq + count
        lines = []
        for _ in range(count):
            self._mtu = self._mtu + 1 if self._mtu < 9000 else 1300
            lines.append(f"link set v0 mtu {self._mtu}")
        began = time.monotonic()
        self._namespace.batch(lines)
        self._client.until(lambda fold: fold.seq >= wanted)
        stream = time.monotonic() - began
        last = f'"seq":{self._client.fold.seq},'.encode()
        wait_until(lambda: self._receiver.requests and last in self._receiver.requests[-1].body, "all is there", timeout=120)
        return stream, time.monotonic() - began


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    hub = Hub()
    with Namespace() as namespace:
        namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "w0")
        other, free = Receiver(namespace=namespace.name), Receiver(namespace=namespace.name)
        config = sink(other.url(), "other", timeout="10 min") + sink(free.url(), "free")
        daemon = Daemon(namespace, hub, config)
        try:
            client = daemon.settled_client()
            rounds = Round(namespace, client, free)
            rounds.seconds(10)
            well = [rounds.seconds(count) for _ in range(ROUNDS)]
            other.script(then=hang())
            hung = [rounds.seconds(count) for _ in range(ROUNDS)]
        finally:
            daemon.close()
            other.close()
            free.close()
    for name, place in (("stream", 0), ("other receiver", 1)):
        before, during = (statistics.median(it[place] for it in them) for them in (well, hung))
        print(f"{name}: {count} events in {before:.3f} s before, {during:.3f} s while one hangs: {during / before:.2f} times")


if __name__ == "__main__":
    main()

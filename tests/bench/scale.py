"""Figures of nlwatch on a large machine: python3 tests/bench/scale.py NLWATCH [LINKS [ADDRESSES [READERS]]] (root)

Start-up, all readers joining at once, and a resync, with the memory that each takes; in the end the stream is held
against iproute2. While the kernel makes and removes so many links nobody else on the machine gets at its network."""

import os
import pathlib
import selectors
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
if len(sys.argv) > 1:
    os.environ["NLWATCH"] = sys.argv[1]  # read by support.daemon

from convergence import messages as ask  # noqa: E402
from convergence.churn import Sender  # noqa: E402
from support import oracle  # noqa: E402
from support.daemon import Daemon  # noqa: E402
from support.namespace import Namespace  # noqa: E402
from support.reader import Hub  # noqa: E402

FIRST = 1000
# What an ordinary user gets where net.core.rmem_max is as it comes: to be sure of an overrun.
CONFIG = '[http]\nlisten = []\n[netlink]\nreceive_buffer = "416 KiB"\n'
END = b'"type":"snapshot.end"'


def send(sender, requests, together=100):
    for begin in range(0, len(requests), together):
        sender.send(requests[begin:begin + together])
    assert not sender.refused, f"the kernel refused {sender.refused} requests"


def address(index, number):
    return ask.Address(index, f"10.{index >> 8 & 255}.{index & 255}.{number + 1}", 32)


class Joiners:
    """Readers of the stream who only look for the end of their snapshot: what they cost themselves is little."""

    def __init__(self, path, count):
        self._selector = selectors.DefaultSelector()
        self.bytes = 0
        for _ in range(count):
            joined = socket.socket(socket.AF_UNIX)
            joined.connect(str(path))
            self._selector.register(joined, selectors.EVENT_READ, [b""])

    def until_whole(self):
        """Returns when each has all of its snapshot; they stay connected."""
        self.sockets = [key.fileobj for key in self._selector.get_map().values()]
        while self._selector.get_map():
            for key, _ in self._selector.select(60) or sys.exit("nothing came for a minute"):
                data = key.fileobj.recv(1 << 20)
                assert data, "the daemon closed the connection"
                self.bytes += len(data)
                end = key.data[0] + data
                if END in end:
                    self._selector.unregister(key.fileobj)
                key.data[0] = end[-len(END):]


def main(links=10_000, addresses=100_000, readers=100):
    def stage(what, since):
        print(f"{what:<44}{time.monotonic() - since:8.2f} s {daemon.rss() / 2**20:8.0f} MiB", flush=True)

    hub = Hub()
    with Namespace() as namespace:
        sender = Sender(namespace.name)
        send(sender, [ask.new_ifb(FIRST + i, f"i{i}") for i in range(links)])
        send(sender, [address(FIRST + i % links, i // links).new() for i in range(addresses)])
        print(f"{links} links, {addresses} addresses, {readers} readers")
        begin = time.monotonic()
        daemon = Daemon(namespace, hub, CONFIG)
        try:
            first = daemon.client()
            first.until(lambda fold: fold.settled, timeout=300)
            stage("started, and a first reader has it all", begin)
            begin = time.monotonic()
            joiners = Joiners(daemon.stream, readers)
            joiners.until_whole()
            stage(f"all joined at once ({joiners.bytes >> 20} MiB)", begin)
            for joined in joiners.sockets:
                joined.close()
            seen = len(first.lines)
            daemon.stop()
            send(sender, [ask.link(ask.mtu(1400 + i % 2), FIRST + i) for i in range(links)])
            daemon.resume()
            begin = time.monotonic()
            end = first.until_record(lambda record: record["type"] == "resync.end", seen, timeout=300)
            stage(f"in step again after {end['lost']} lost messages", begin)
            print(f"of which the resync took {end['duration_s']:.2f} s, in {end['passes']} passes; "
                  f"repaired: {end['repaired']}")
            oracle.assert_agrees(namespace, first, timeout=600)
            print("the stream agrees with iproute2")
            assert daemon.terminate() == 0
        finally:
            daemon.close()
            hub.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*map(int, sys.argv[2:]))

"""The process that churns: python3 -m convergence.churn SEED NEAR FAR, the names of two namespaces.

Two threads, each with links of its own: a storm as long as the seed wants it, and meanwhile a disturber that
never rests, for the dumps. Prints one line of JSON when all is done: how much was asked for, how much refused."""

import json
import os
import random
import socket
import struct
import sys
import threading
import time

from convergence import messages as ask
from convergence.deeds import FAR, NEAR, Deeds
from support.namespace import socket_in
from support.rtnetlink import NLMSG_ERROR

LONGEST = 1.5  # seconds: the kernel takes up to 0.1 s for each link that it deletes
_SOL_NETLINK, _NETLINK_CAP_ACK = 270, 10


class Sender:
    """One request socket; counts what the kernel refuses. Many requests go out as one datagram."""

    def __init__(self, namespace):
        self._socket = socket_in(namespace, socket.AF_NETLINK, socket.SOCK_RAW)
        self._socket.setsockopt(_SOL_NETLINK, _NETLINK_CAP_ACK, 1)  # refusals do not repeat the request
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.bind((0, 0))
        self.asked = self.refused = 0

    def send(self, requests):
        self.asked += len(requests)
        self._socket.send(b"".join(requests))
        while True:
            try:
                answer = self._socket.recv(1 << 16, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            self.refused += struct.unpack_from("=4xH", answer)[0] == NLMSG_ERROR


def _send(senders, deeds, count):
    """So many deeds, those of one place in one datagram."""
    pending, place = [], NEAR
    for _ in range(count):
        where, requests = deeds.next()
        if where != place and pending:
            senders[place].send(pending)
            pending = []
        place = where
        pending += requests
    if pending:
        senders[place].send(pending)


def _disturb(senders, deeds, over):
    while not over.is_set():
        _send(senders, deeds, 8)
        time.sleep(0.0005)


def main(seed, near, far):
    dice = random.Random(f"{seed} storm")
    files = [os.open(f"/run/netns/{name}", os.O_RDONLY) for name in (near, far)]
    storm = Deeds(seed, 1000, "s", files)
    crowd = dice.choice((0, 1500))
    disturber = Deeds(seed, 2000, "d", files, crowd)
    storming, disturbing = [{NEAR: Sender(near), FAR: Sender(far)} for _ in range(2)]
    disturbing[NEAR].send(disturber.gather())
    over = threading.Event()
    thread = threading.Thread(target=_disturb, args=(disturbing, disturber, over))
    if crowd or dice.random() < 0.5:
        thread.start()
    left = dice.choice((200, 600, 1500, 3000))
    end = time.monotonic() + LONGEST
    while left > 0 and time.monotonic() < end:
        burst = min(left, dice.choice((1, 5, 40, 100)))
        _send(storming, storm, burst)
        left -= burst
        time.sleep(dice.choice((0, 0.001, 0.02)))
    over.set()
    if thread.is_alive():
        thread.join()
    senders = [*storming.values(), *disturbing.values()]
    print(json.dumps({"asked": sum(sender.asked for sender in senders),
                      "refused": sum(sender.refused for sender in senders)}))
    # The kernel tells of a carrier up to a second late, unless somebody asks for the link.
    for index in (*storm.indices, *disturber.indices):
        storming[NEAR].send([ask.ask_for_link(index)])


if __name__ == "__main__":
    main(*sys.argv[1:])

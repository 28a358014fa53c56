"""Seeded storms over bonds, VLANs, VRFs and dummies, of which the daemon sees next to nothing."""

import random

from support import oracle
from support.churn import make_pair
from uml.kinds_case import KindsCase

_PORTS = ("v0", "v1", "v2", "d0")
_MASTERS = ("bond0", "red", "blue")


def change(dice, number):
    """The lines of one change, each of which may fail; number: never the same, for names."""
    port, master, peer = dice.choice(_PORTS), dice.choice(_MASTERS), f"p{dice.randrange(3)}"
    deed = dice.randrange(10)
    if deed < 3:
        return [f"link set {port} down", f"link set {port} nomaster", f"link set {port} master {master}",
                f"link set {port} up"]
    if deed == 3:
        return [f"link set {port} nomaster"]
    if deed == 4:
        return [f"link set {peer} {dice.choice(('up', 'down'))}"]  # which is the carrier of a port
    if deed == 5:
        return [f"link set {master} {dice.choice(('up', 'up', 'down'))}"]
    if deed == 6:
        below = dice.choice(("bond0", *_PORTS))
        return [f"link add link {below} name n{number} type vlan id {number % 4000 + 1}", f"link set n{number} up",
                f"addr add 198.51.100.{number % 250 + 1}/24 dev n{number}"]
    if deed == 7:
        return [f"link del n{dice.randrange(number)}"]
    if deed == 8:
        where = dice.choice(("bond0", *_PORTS))
        what = dice.choice(("add", "del"))
        return [f"addr {what} 192.0.2.{dice.randrange(1, 9)}/24 dev {where}",
                f"addr {what} 2001:db8::{dice.randrange(1, 9)}/64 dev {where}"]
    return ["link del d0", "link add d0 type dummy", "link set d0 up"] if dice.random() < 0.5 else \
           ["link del blue", f"link add blue type vrf table {number + 100}"]


class Storm(KindsCase):
    def weather(self, seed):
        dice = random.Random(seed)
        self.do(*(line for number in range(3) for line in make_pair(f"v{number}", f"p{number}")),
                "link add d0 type dummy", "link add bond0 type bond mode active-backup miimon 50",
                "link add red type vrf table 10", "link add blue type vrf table 11", "link set bond0 up")
        for storm in range(4):
            stopped = dice.random() < 0.7
            if stopped:
                self.daemon.stop()
            # One process for each few: `ip -batch` remembers which index a name had.
            for part in range(3):
                numbers = range(1 + 15 * (3 * storm + part), 1 + 15 * (3 * storm + part + 1))
                self.namespace.batch([line for number in numbers for line in change(dice, number)], force=True)
            if stopped:
                self.daemon.resume()
            oracle.assert_agrees(self.namespace, self.client)
        self.assertGreater(self.client.fold.counts["resync.end"], 0)

    def test_one(self):
        self.weather(1)

    def test_another(self):
        self.weather(2)

"""Seeded changes of links and addresses, as lines for `ip -batch`."""

import random

from support import oracle

PAIRS = 8


def make_pair(left, right):
    """A veth pair, both ends up."""
    return [f"link add {left} type veth peer name {right}", f"link set {left} up", f"link set {right} up"]


class Storm:
    """Plays with veth pairs c0-0/d0-0 and so on; a pair made again gets the next number behind the dash.

    (A new name each time, as `ip -batch` remembers which ifindex a name had.) Nothing is done that the kernel does
    in silence: of a new alias or altname it sends no message while the link is down."""

    def __init__(self, seed):
        self._dice = random.Random(seed)
        self._made = [0] * PAIRS
        self._count = 0
        self._down = set()

    def cast(self):
        """The lines that make the pairs."""
        return [line for i in range(PAIRS) for line in make_pair(*self._pair(i))]

    def changes(self, count):
        """The next `count` lines, or a few more. Most are cheap for the kernel; about one in 200 deletes a pair, which
        takes its addresses with it, and makes another. Run with force: some fail, as an address that is there does."""
        lines = []
        while len(lines) < count:
            self._count += 1
            lines += self._change(self._dice.randrange(PAIRS))
        return lines

    def outrun(self, ring, namespace, client):
        """Churns until whoever has read nothing since now is overtaken by a ring of so many bytes.

        Each round is less than a ring of 1 MiB holds, so that the client, who reads, is not. What a stuck reader's
        socket and batch hold is not the ring's: three rings are more than all of that."""
        begin = len(client.lines)
        while sum(map(len, client.lines[begin:])) < 3 * ring:
            namespace.batch(self.changes(200), force=True)
            oracle.settle(namespace, client)

    def _change(self, i):
        dice, deed = self._dice, self._dice.random()
        name = dice.choice(self._pair(i))
        silent = name in self._down and (0.30 <= deed < 0.45 or 0.97 <= deed < 0.985)
        if deed < 0.30 or silent:
            return [f"link set {name} mtu {dice.randrange(1280, 9000)}"]
        if deed < 0.45:
            return [f"link set {name} alias storm-{self._count}"]
        if deed < 0.80:
            what = dice.choice(("add", "add", "del"))
            return [f"addr {what} 10.{i}.{dice.randrange(4)}.{dice.randrange(1, 60)}/24 dev {name}"]
        if deed < 0.94:
            what = dice.choice(("add", "add", "del"))
            return [f"addr {what} 2001:db8:{i}::{dice.randrange(1, 60):x}/64 dev {name}"]
        if deed < 0.97:
            way = dice.choice(("up", "up", "down"))
            (self._down.add if way == "down" else self._down.discard)(name)
            return [f"link set {name} {way}"]
        if deed < 0.985:
            return [f"link property {dice.choice(('add', 'del'))} dev {name} altname other-{name}"]
        if deed < 0.995:
            return [f"link set {name} name r{name}", f"link set r{name} name {name}"]
        old = self._pair(i)[0]
        self._made[i] += 1
        return [f"link del {old}", *make_pair(*self._pair(i))]

    def _pair(self, i):
        return f"c{i}-{self._made[i]}", f"d{i}-{self._made[i]}"

"""What the churn does: from a seed, changes of links and addresses without end, as requests to the kernel.

Pure: it only believes to know what there is, and the kernel may refuse. What the kernel does in silence is not done
here (an alias, an altname or a group of a link that is down; see the kernel's ways in the follower's tests), so that a
difference that stays is nlwatch's. Indices and names are few and asked for, so that they are used again and again."""

import random

from convergence import messages as ask

INDICES = 24
NEAR, FAR = 0, 1  # the namespace under watch, and the one that links move to


class Link:
    def __init__(self, kind, name, place=NEAR, peer=None):
        self.kind, self.name, self.place, self.peer = kind, name, place, peer


class Deeds:
    """next() gives (NEAR or FAR, requests): one or a few that belong together."""

    def __init__(self, seed, first, letter, descriptors, crowd=0):
        """first: of INDICES indices. letter: its links' names begin so, unless they are renamed to z….
        descriptors: of the namespaces NEAR and FAR, as the sending process has them.
        crowd: so many addresses, of one family, on a link that stays: its dump has many parts, and some of them come
        and go all the time. gather() makes it."""
        self.dice = random.Random(f"{seed} {letter}")
        self.letter, self.descriptors = letter, descriptors
        self.links = {}
        self.indices = range(first, first + INDICES)
        self._crowd = self._crowd_of(crowd, first + INDICES)
        self._count = 0
        # Each seed has a character of its own: one deletes links all the time, another hardly touches them.
        weights = {self.create: 6, self.delete: 3, self.rename: 3, self.up_or_down: 10, self.resize: 6,
                   self.low_mtu: 1, self.describe: 5, self.flag: 3, self.enslave: 5, self.move: 3, self.come_back: 4,
                   self.address4: 22, self.address6: 16, self.many_addresses: 1, self.refresh: 4}
        self._deeds = list(weights)
        self._weights = [weight * self.dice.choice((0.2, 1, 1, 3)) for weight in weights.values()]
        if crowd:
            self._deeds.append(self.jostle)
            self._weights.append(sum(self._weights))

    def next(self):
        self._count += 1
        if len(self.links) < 4:
            return NEAR, self.create() or []
        deed = self.dice.choices(self._deeds, self._weights)[0]
        return (FAR if deed == self.come_back else NEAR), deed() or []

    def gather(self):
        """Two links: one with the crowd, and one whose few addresses come behind it in a dump and are left alone."""
        index = self.indices[-1] + 1
        quiet = [ask.Address(index + 1, local, length) for i in range(40)
                 for local, length in ((f"10.99.0.{i + 1}", 24), (f"2001:db8:99::{i + 1:x}", 64))]
        return [ask.new_ifb(index, f"many-{self.letter}"), ask.new_ifb(index + 1, f"quiet-{self.letter}"),
                *(address.new(nodad=True) for address in (*self._crowd, *quiet))]

    def _crowd_of(self, count, index):
        if self.dice.random() < 0.5:
            return [ask.Address(index, f"10.98.{i // 250}.{i % 250 + 1}", 16) for i in range(count)]
        return [ask.Address(index, f"2001:db8:98::{i:x}", 64) for i in range(count)]

    # Each gives requests, or None where there is nothing to do it to.

    def create(self):
        free = self._free(2)
        if free is None:
            return None
        index, other = free
        kind = self.dice.choices(("veth", "bridge", "macvlan", "vxlan", "ifb"), (10, 3, 2, 2, 1))[0]
        if kind == "veth":
            return self._veth(index, other)
        name = self._name()
        lower = self._pick("veth")
        if kind == "macvlan" and lower is None:
            return None
        made = {"bridge": lambda: ask.new_bridge(index, name), "ifb": lambda: ask.new_ifb(index, name),
                "macvlan": lambda: ask.new_macvlan(index, name, lower),
                "vxlan": lambda: ask.new_vxlan(index, name, self.dice.choice((None, lower)), index)}[kind]()
        self.links[index] = Link(kind, name)
        return [made] + self._up_now_and_then(index)

    def delete(self):
        index = self._pick()
        if index is None:
            return None
        peer = self.links.pop(index).peer
        self.links.pop(peer, None)
        return [ask.delete_link(index)]

    def rename(self):
        index = self._pick()
        if index is None:
            return None
        self.links[index].name = self._name()
        return [ask.link(ask.name(self.links[index].name), index)]

    def up_or_down(self):
        index = self._pick()
        return index and [ask.link(index=index, flags=self.dice.choice((0, ask.IFF_UP, ask.IFF_UP)),
                                   change=ask.IFF_UP)]

    def resize(self):
        index = self._pick()
        return index and [ask.link(ask.mtu(self.dice.randrange(1280, 9000)), index)]

    def low_mtu(self):
        """Too small for IPv6 (1280) or even IPv4 (68): the addresses go. Mostly not for long."""
        index = self._pick()
        if index is None:
            return None
        low = [ask.link(ask.mtu(self.dice.choice((1279, 1279, 67))), index)]
        return low + (self.dice.random() < 0.7) * [ask.link(ask.mtu(1500), index)]

    def describe(self):
        """Alias, altname or queue length. The link comes up in the same request or right before: see above."""
        index = self._pick()
        if index is None:
            return None
        up = {"index": index, "flags": ask.IFF_UP, "change": ask.IFF_UP}
        what = self.dice.randrange(4)
        if what == 0:
            return [ask.link(ask.alias(f"seen {self._count}"), **up)]
        if what == 1:
            return [ask.link(ask.queue_length(self.dice.randrange(1, 2000)), index)]
        return [ask.link(**up), ask.altname(index, f"other-{index}-{self.dice.randrange(3)}", what == 2)]

    def flag(self):
        index = self._pick()
        if index is None:
            return None
        if self.dice.random() < 0.4:
            return [ask.link(ask.mac(bytes([2, 0, 0, 0, self.dice.randrange(256), index % 256])), index)]
        bit = self.dice.choice((ask.IFF_NOARP, ask.IFF_MULTICAST))
        return [ask.link(index=index, flags=self.dice.choice((0, bit)), change=bit)]

    def enslave(self):
        port, bridge = self._pick("veth", "vxlan", "ifb"), self._pick("bridge")
        return port and [ask.link(ask.master(self.dice.choice((0, bridge or 0, bridge or 0))), port)]

    def move(self):
        index = self._pick("veth")
        if index is None:
            return None
        self.links[index].place = FAR
        return [ask.link(ask.into_namespace(self.descriptors[FAR]), index)]

    def come_back(self):
        away = [index for index, link in self.links.items() if link.place == FAR]
        if not away:
            return None
        index = self.dice.choice(away)
        self.links[index].place = NEAR
        return [ask.link(ask.into_namespace(self.descriptors[NEAR]), index)]

    def address4(self):
        index = self._pick()
        if index is None:
            return None
        dice = self.dice
        local = f"10.{self.indices[0] % 50}.{dice.randrange(2)}.{dice.randrange(1, 12)}"  # few: they move between links
        peer = dice.choice((None, None, None, f"10.77.0.{dice.randrange(1, 4)}"))
        address = ask.Address(index, local, 32 if peer else dice.choice((24, 24, 25)), peer)
        if dice.random() < 0.35:
            return [address.delete()]
        return [address.new(dice.random() < 0.3, self._label(index), self._lifetimes(),
                            broadcast=dice.choice((None, None, "10.255.255.255")))]

    def address6(self):
        index = self._pick()
        if index is None:
            return None
        dice = self.dice
        peer = dice.choice((None, None, None, f"2001:db8:77::{dice.randrange(1, 4):x}"))
        address = ask.Address(index, f"2001:db8::{dice.randrange(1, 12):x}", 128 if peer else 64, peer)
        if dice.random() < 0.35:
            return [address.delete()]
        return [address.new(dice.random() < 0.4, lifetimes=self._lifetimes(), nodad=dice.random() < 0.3)]

    def many_addresses(self):
        index = self._pick()
        if index is None:
            return None
        base = self.dice.randrange(100, 200)
        there = self.dice.random() < 0.6
        addresses = [ask.Address(index, f"10.{base}.0.{i}", 24) for i in range(1, 41)]
        return [address.new() if there else address.delete() for address in addresses]

    def jostle(self):
        """Some of the crowd's first go, so that those behind move up in a dump that is under way, or come back."""
        return [address.delete() if self.dice.random() < 0.5 else address.new(nodad=True)
                for address in self.dice.sample(self._crowd[:len(self._crowd) // 2], 3)]

    def refresh(self):
        """Lifetimes alone: nothing that a record would tell of."""
        index = self._pick()
        if index is None:
            return None
        address = ask.Address(index, f"2001:db8:5::{index:x}", 64)
        return [address.new(True, lifetimes=(seconds, 2 * seconds), nodad=True)
                for seconds in self.dice.sample(range(1000, 9000), 3)]

    def _veth(self, index, other):
        names = self._name(), self._name()
        self.links[index], self.links[other] = Link("veth", names[0], peer=other), Link("veth", names[1], peer=index)
        return [ask.new_veth(index, names[0], other, names[1]),
                *self._up_now_and_then(index), *self._up_now_and_then(other)]

    def _up_now_and_then(self, index):
        return [ask.link(index=index, flags=ask.IFF_UP, change=ask.IFF_UP)] if self.dice.random() < 0.8 else []

    def _pick(self, *kinds):
        """One that is believed to be near, or None."""
        near = [index for index, link in self.links.items() if link.place == NEAR and (not kinds or link.kind in kinds)]
        return self.dice.choice(near) if near else None

    def _free(self, count):
        free = [index for index in self.indices if index not in self.links]
        return self.dice.sample(free, count) if len(free) >= count else None

    def _name(self):
        taken = {link.name for link in self.links.values()}
        free = [name for name in (f"{letter}{self.letter}{i}" for letter in "ccz" for i in range(2 * INDICES))
                if name not in taken]
        return self.dice.choice(free)

    def _label(self, index):
        return self.dice.choice((None, None, f"{self.links[index].name}:{self.dice.randrange(3)}"))

    def _lifetimes(self):
        return self.dice.choice((None, None, None, (1000, 2000), (0, 3000)))

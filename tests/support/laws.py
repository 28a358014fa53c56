"""The laws that every stream of records obeys, checked line by line as it is folded (the contract of the records)."""

import json

from support.fold import Fold

NUMBERED_FRAMES = ("resync.begin", "resync.end", "reload")
OPS = ("added", "changed", "removed")
LEARNT_LATE = ("resync", "audit", "restart")


class LawBroken(AssertionError):
    pass


def is_object_record(record):
    return record["type"].rpartition(".")[2] in OPS and "key" in record


def is_numbered(record):
    if is_object_record(record):
        return record["origin"] != "snapshot"
    return record["type"] in NUMBERED_FRAMES


def link_key_of(address_key):
    """address/<netns>/<ifindex>/… belongs to link/<netns>/<ifindex>."""
    return "link/" + "/".join(address_key.split("/")[1:3])


class LawfulFold(Fold):
    """A fold that raises LawBroken at the first line that no lawful stream could have.

    filtered: a reader with a scope. Holes in seq are lawful then, and so are children without their parents."""

    def __init__(self, filtered=False):
        super().__init__()
        self.filtered = filtered
        self.counts = {}          # records read, by type
        self.in_snapshot = False
        self._rows = {}           # rows of the snapshot under way, by kind
        self._owed_snapshot = False  # a gap was told, its snapshot not yet
        self._resync = None       # of the resync under way: its number
        self._repaired = None
        self._known_begin = True  # whether the beginning of the resync under way was seen
        self._monotonic_us = 0

    def apply(self, record):
        try:
            self._check(record)
        except (LawBroken, KeyError) as broken:
            law = f"no member {broken}" if isinstance(broken, KeyError) else broken
            held = self.objects.get(record.get("key"))
            raise LawBroken(f"{law}\n  in: {json.dumps(record)}\n  held: {json.dumps(held)}") from None
        super().apply(record)
        self.counts[record["type"]] = self.counts.get(record["type"], 0) + 1

    def whole(self):
        """Whether a snapshot has been read and none is owed or under way: only then is there a state to compare."""
        return "snapshot.end" in self.counts and not self.in_snapshot and not self._owed_snapshot

    def _check(self, record):
        _must(record["schema"] == 1, "schema is 1")
        _must(isinstance(record["seq"], int) and len(record["run"]) == 16, "run and seq are in each line")
        _must(self.hello is not None or record["type"] == "hello", "hello is first")
        _must(self.run in (None, record["run"]), "a connection stays within one run")
        self._check_position(record)
        self._check_frames(record)
        if is_object_record(record):
            self._check_clock(record)
            self._check_change(record)
            self._check_family(record)

    def _check_position(self, record):
        seq, kind = record["seq"], record["type"]
        if kind == "gap":
            _must(record["to"] == seq, "a gap's seq is its `to`")
            if record["reason"] == "slow_reader" and not self.filtered:
                _must(record["from"] == self.seq + 1, f"the gap begins behind what was read, {self.seq}")
            self.in_snapshot = False  # a reader that was overtaken within a snapshot gets another
            self._owed_snapshot = self.hello.get("foldable", True)
        elif self.seq is not None:
            if is_numbered(record):
                _must(not self.in_snapshot and not self._owed_snapshot, "nothing live within a snapshot or a gap")
                if self.filtered:
                    _must(seq > self.seq or seq == self.seq == 0, f"seq ascends from {self.seq}")
                else:
                    _must(seq == self.seq + 1, f"seq follows {self.seq} without a hole")
            elif kind in ("hello", "bookmark"):
                _must(seq >= self.seq, "seq never descends")
            else:
                _must(seq == self.seq, f"the snapshot is as of {self.seq}")

    def _check_frames(self, record):
        kind = record["type"]
        if kind == "snapshot.begin":
            _must(not self.in_snapshot, "snapshots do not nest")
            self.in_snapshot, self._rows, self._owed_snapshot = True, {}, False
            self._known_begin = False
        elif kind == "snapshot.end":
            _must(self.in_snapshot, "a snapshot ends once")
            counts = {name: count for name, count in record["counts"].items() if count != 0}
            _must(counts == self._rows, f"the snapshot had {self._rows}")
            self.in_snapshot = False
        elif kind == "resync.begin":
            _must(self._resync is None, "resyncs do not nest")
            self._resync, self._repaired, self._known_begin = record["resync"], dict.fromkeys(OPS, 0), True
        elif kind == "resync.end":
            if self._known_begin:
                _must(self._resync == record["resync"], "a resync's end follows its begin")
                if not self.filtered:
                    _must(self._repaired == record["repaired"], f"the resync wrote {self._repaired}")
            self._resync = None
        elif is_object_record(record):
            _must((record["origin"] == "snapshot") == self.in_snapshot, "snapshot rows stand in snapshots")
            if self.in_snapshot:
                self._rows[kind.split(".")[0]] = self._rows.get(kind.split(".")[0], 0) + 1
            elif self._repaired is not None and record["origin"] == "resync":
                self._repaired[kind.rpartition(".")[2]] += 1

    def _check_clock(self, record):
        origin = record["origin"]
        _must(("time" in record) == ("monotonic_us" in record) == (origin != "snapshot"),
              "all but snapshot rows have a time")
        entered = self.filtered and "before" in record  # a change, to a reader whose scope the object came into
        late = origin in LEARNT_LATE and (entered or not record["type"].endswith(".added"))
        _must(("not_before" in record) == late, "not_before tells how late an old value's end was learnt")
        if "monotonic_us" in record:
            _must(record["monotonic_us"] >= self._monotonic_us, "time does not run backwards")
            self._monotonic_us = record["monotonic_us"]

    def _check_change(self, record):
        key, op = record["key"], record["type"].rpartition(".")[2]
        held, after = self.objects.get(key), record["object"]
        _must(None not in after.values(), "objects never hold null")
        if op == "added":
            _must(held is None, "added only of an unknown key")
            _must("before" not in record or self.filtered, "nothing was before, but for one that entered a scope")
        elif op == "removed":
            _must(held is not None, "removed only of a known key")
            _must(record["reason"] in ("deleted", "moved_netns", "link_removed", "filter"), "a known reason")
            if record["reason"] != "filter":
                _must(held == after, "removed tells the last known values")
        else:
            _must(held is not None, "changed only of a known key")
            before, was = record["before"], dict(after)
            for name, value in before.items():
                _must(value != after.get(name), f"before names what changed, not {name}")
                if value is None:
                    del was[name]
                else:
                    was[name] = value
            _must(was == held, "before leads back")
            _must(before or "missed" in record, "a change changes something")
        if record["origin"] == "snapshot":
            _must(record["transitions"] == [], "a snapshot row is no transition")
        elif op == "changed" or not self.filtered:
            edges = _edges(None if op == "added" else held, None if op == "removed" else after)
            told = {word for word in record["transitions"] if word in _EDGE_WORDS}
            if record["origin"] == "derived":
                edges.discard("master_changed")  # its master is the same, under another name
            elif op == "changed" and "master" in after and held.get("master") == after["master"]:
                told.discard("master_changed")  # another one may have taken its master's name, and its port
            _must(told == edges, f"transitions are {sorted(edges)}")

    def _check_family(self, record):
        if self.filtered:
            return
        key, op = record["key"], record["type"].rpartition(".")[2]
        if op == "added" and key.startswith("address/"):
            _must(link_key_of(key) in self.objects, "a link is added before its addresses")
        if op == "removed" and key.startswith("link/"):
            children = [other for other in self.objects if other.startswith("address/") and link_key_of(other) == key]
            _must(not children, f"addresses are removed before their link: {children}")


_EDGE_WORDS = {"admin_up", "admin_down", "carrier_up", "carrier_down", "state_up", "state_down",
               "renamed", "master_changed", "usable", "unusable"}


def _edges(before, after):
    """The transitions that two values of an object imply; None = the object was not, or is no more."""
    edges = set()
    either = before or after
    if "state" in either:
        for word, up in (("admin", lambda link: "UP" in link["flags"]), ("carrier", lambda link: link["carrier"]),
                         ("state", lambda link: link["state"] == "up")):
            was, now = before is not None and up(before), after is not None and up(after)
            if was != now:
                edges.add(f"{word}_up" if now else f"{word}_down")
        if before and after:
            if before["ifname"] != after["ifname"]:
                edges.add("renamed")
            if before.get("master") != after.get("master"):
                edges.add("master_changed")
    else:
        was, now = before is not None and before["usable"], after is not None and after["usable"]
        if was != now:
            edges.add("usable" if now else "unusable")
    return edges


def _must(holds, law):
    if not holds:
        raise LawBroken(f"broken: {law}")

"""Folds a stream of records into the state that it tells of: the whole of what a reader of nlwatch must do."""


class Fold:
    """objects: key -> object, as of `seq` of `run`. settled: whether the daemon vouches for all of it."""

    def __init__(self):
        self.objects = {}
        self.run = None
        self.seq = None
        self.settled = False
        self.hello = None

    def apply(self, record):
        self.run, self.seq = record["run"], record["seq"]
        kind = record["type"]
        if kind == "hello":
            self.hello = record
        elif kind == "snapshot.begin":
            self.objects = {}
            self.settled = False
        elif kind == "snapshot.end":
            self.settled = record["settled"]
        elif kind == "resync.begin":
            self.settled = False
        elif kind == "resync.end":
            self.settled = True
        elif kind.endswith(".removed"):
            self.objects.pop(record["key"], None)
        elif "object" in record:
            self.objects[record["key"]] = record["object"]

    @property
    def netns(self):
        return self.hello["netns"]["cookie"]

    def links(self):
        return [value for key, value in self.objects.items() if key.startswith("link/")]

    def addresses(self):
        return [value for key, value in self.objects.items() if key.startswith("address/")]

    def link(self, ifname):
        """The link of that name, or None."""
        return next((value for value in self.links() if value["ifname"] == ifname), None)

    def address(self, local, **wanted):
        """The address with that local part (and those members), or None."""
        wanted["local"] = local
        return next((value for value in self.addresses() if wanted.items() <= value.items()), None)

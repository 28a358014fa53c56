"""Filters select, the state stays whole: a reader's own by monitor's options, everybody's by the configuration."""

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import scaled, wait_until
from support.laws import is_numbered
from support.monitor import Monitor


class Filters(DaemonCase):
    def setUp(self):
        super().setUp()
        self.storm = churn.Storm(seed=8)
        self.namespace.batch(self.storm.cast())
        self.namespace.batch(["link add br0 type bridge", "link set br0 up", "addr add 192.0.2.1/24 dev br0"])
        self.all = Monitor(self.namespace)  # sees everything, and the truth once it agrees with the kernel
        self.all.until(lambda fold: fold.settled)

    def rename_in_and_out(self):
        """Churn, and renames between c… and z…, b… and z…; a last rename out and one in stay."""
        for _ in range(scaled(9)):
            self.namespace.batch(self.storm.changes(150), force=True)
            oracle.settle(self.namespace, self.all)
            names = [link["ifname"] for link in self.all.fold.links() if link["ifname"].startswith(("c", "b"))]
            self.namespace.batch([f"link set {name} name z{name}" for name in names])
            self.namespace.batch([f"addr add 172.16.{i}.1/24 dev z{name}" for i, name in enumerate(names)], force=True)
            self.namespace.batch([f"link set z{name} name {name}" for name in names])
        self.namespace.batch([f"link set {names[0]} name zzz", f"link set {names[1].replace('c', 'd', 1)} name cxx"])
        oracle.assert_agrees(self.namespace, self.all)

    def assert_scope(self, reader, **scope):
        wanted = oracle.within(self.all.fold.objects, **scope)
        self.assertTrue(wanted, scope)
        reader.until(lambda fold: fold.objects == wanted)

    def assert_borders(self, reader):
        """Some of its records are border crossings."""
        records = [record for record in reader.records() if record.get("origin") not in (None, "snapshot")]
        left = [record for record in records if record.get("reason") == "filter"]
        self.assertTrue(left)
        keys = {record["key"] for record in left}
        self.assertTrue([record for record in records if record["type"].endswith("added") and record["key"] in keys])

    def test_scopes_of_a_reader(self):
        scopes = {"interface": "c*", "kind": "address", "link_kind": "bridge"}
        readers = {word: Monitor(self.namespace, f"--{word.replace('_', '-')}", glob, filtered=True)
                   for word, glob in scopes.items()}
        both = Monitor(self.namespace, "-i", "c*", "--kind", "link", filtered=True)
        for reader in (*readers.values(), both):
            reader.until(lambda fold: fold.settled)
            self.assertTrue(reader.fold.hello["foldable"] if "foldable" in reader.fold.hello else True)
            self.assertIn("filter", reader.fold.hello)
        self.rename_in_and_out()
        for word, glob in scopes.items():
            self.assert_scope(readers[word], **{word: glob})
        self.assert_scope(both, interface="c*", kind="link")
        self.assert_borders(readers["interface"])
        self.assert_borders(both)

    def test_the_scope_of_the_configuration(self):
        daemon = self.start('[filter]\ninterface = ["!z*"]\nlink_kind = ["*", "!bridge"]')
        client = daemon.settled_client(filtered=True)
        self.assertIn("published", client.fold.hello)
        self.rename_in_and_out()
        wanted = {key: value for key, value in self.all.fold.objects.items()
                  if not value["ifname"].startswith("z") and value.get("link_kind") != "bridge"}
        client.until(lambda fold: fold.objects == wanted)
        self.assert_borders(client)
        seqs = [record["seq"] for record in client.records() if is_numbered(record)]
        self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))), "what is not published takes no seq")
        done = self.nlwatch("verify", "--dir", str(daemon.directory))
        self.assertEqual(done.returncode, 0, done)

    def test_feeds_of_events(self):
        removed = Monitor(self.namespace, "-t", "link.removed")
        down = Monitor(self.namespace, "--transition", "state_down", "-i", "c*")

        def told(feed):
            return [record for record in feed.records() if "object" in record]  # bookmarks stand between them

        for feed in (removed, down):
            wait_until(lambda: b'"hello"' in feed.output, "it says hello")
            self.assertIs(feed.records()[0]["foldable"], False)
        self.namespace.batch(["link add c9-9 type veth peer name d9-9", "link set c9-9 up", "link set d9-9 up"])
        self.all.until(lambda fold: (fold.link("c9-9") or {}).get("state") == "up")
        self.namespace.batch(["link set d9-9 down", "link del br0", "link del c9-9"])
        wait_until(lambda: len(told(removed)) == 3, "three links are gone")
        self.assertEqual({record["object"]["ifname"] for record in told(removed)}, {"br0", "c9-9", "d9-9"})
        self.assertEqual({record["type"] for record in told(removed)}, {"link.removed"})
        wait_until(lambda: len(told(down)) > 0, "one link is down")
        for record in told(down):
            self.assertIn("state_down", record["transitions"])
            self.assertTrue(record["object"]["ifname"].startswith("c"))

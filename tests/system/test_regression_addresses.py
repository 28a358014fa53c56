"""Named regressions: what addresses do, and what others who follow the kernel make of it."""

from support import oracle
from support.daemon import wait_until
from support.regression import Regression
from support.web import scrape

REFRESHES = 500  # of each family


class OfOneLink(Regression):
    def setUp(self):
        super().setUp()
        self.make_pair("v0", "v1")


class OfPeers(OfOneLink):
    # Others: one object by local address and prefix, so the second replaces the first, and either's end is both's.
    def test_two_of_ipv4_that_differ_in_the_peer_alone(self):
        records = self.do("addr add 192.0.2.1 peer 198.51.100.1/32 dev v0",
                          "addr add 192.0.2.1 peer 198.51.100.2/32 dev v0")
        for peer in ("198.51.100.1", "198.51.100.2"):
            self.told(records, "address.added", local="192.0.2.1", address=peer)
        records = self.do("addr del 192.0.2.1 peer 198.51.100.1/32 dev v0")
        self.assertEqual(self.told_in_order(records), [("address.removed", "192.0.2.1")])
        self.assertEqual(self.client.fold.address("192.0.2.1")["address"], "198.51.100.2")

    # Others: another object by its peer, so the one with the old peer stays for ever.
    def test_one_of_ipv6_whose_peer_changes(self):
        self.do("addr add 2001:db8::1 peer 2001:db8::2/128 dev v0 nodad")
        records = self.do("addr change 2001:db8::1 peer 2001:db8::3/128 dev v0 nodad")
        self.assertEqual(self.told_in_order(records), [("address.changed", "2001:db8::1")])
        self.assertEqual((records[0]["before"], records[0]["object"]["address"]),
                         ({"address": "2001:db8::2"}, "2001:db8::3"))
        records = self.do("addr del 2001:db8::1/128 dev v0")
        self.assertEqual(self.told_in_order(records), [("address.removed", "2001:db8::1")])


class OfLifetimes(Regression):
    LINES = ("192.0.2.1/32 dev lo", "2001:db8::1/128 dev lo nodad")

    def unchanged(self):
        return scrape(self.daemon.directory / "http.sock")[
            'nlwatch_events_suppressed_total{kind="address",reason="unchanged"}']

    # Others: each of them is a change, and a reader of a router's advertisements hears of nothing else.
    def test_a_thousand_refreshes(self):
        self.do(*(f"addr add {line} valid_lft 1000 preferred_lft 900" for line in self.LINES))
        before, unchanged = self.mark(), self.unchanged()
        self.namespace.batch([f"addr change {line} valid_lft {2000 + i} preferred_lft {1000 + i}"
                              for i in range(REFRESHES) for line in self.LINES])
        self.assertEqual(self.since(before), [])
        self.assertEqual(self.unchanged() - unchanged, 2 * REFRESHES)

    # Others: those that are read together are taken for one, and nobody learns that connections have broken.
    def test_deleted_and_added_again_is_two(self):
        self.do(*(f"addr add {line}" for line in self.LINES))
        before = self.mark()
        self.daemon.stop()  # so that it reads all of them at once
        for line in self.LINES:
            self.namespace.batch([f"addr del {line}", f"addr add {line}"])
        self.daemon.resume()
        self.assertEqual(self.told_in_order(self.since(before)),
                         [(f"address.{what}", local) for local in ("192.0.2.1", "2001:db8::1")
                          for what in ("removed", "added")])


class OfSecondaries(OfOneLink):
    def setUp(self):
        super().setUp()
        self.do(*(f"addr add 192.0.2.{last}/24 dev v0" for last in (1, 2, 3)))
        self.assertEqual([self.client.fold.address(f"192.0.2.{last}").get("secondary", False) for last in (1, 2, 3)],
                         [False, True, True])

    def promote(self, yes):
        self.namespace.run("sysctl", "-qw", f"net.ipv4.conf.v0.promote_secondaries={int(yes)}")

    # Others: who asks for one deletion expects one, and holds the rest for ever.
    def test_they_go_with_their_primary(self):
        self.promote(False)
        records = self.do("addr del 192.0.2.1/24 dev v0")
        self.assertEqual(self.told_in_order(records), [("address.removed", f"192.0.2.{last}") for last in (2, 3, 1)])

    # Others: an address that is known already says nothing new, so it stays a secondary.
    def test_the_first_of_them_is_promoted(self):
        self.promote(True)
        records = self.do("addr del 192.0.2.1/24 dev v0")
        self.assertEqual(self.told_in_order(records),
                         [("address.removed", "192.0.2.1"), ("address.changed", "192.0.2.2")])
        self.assertEqual(records[1]["before"], {"secondary": True})
        self.assertTrue(self.client.fold.address("192.0.2.3")["secondary"])


class OfTheirLinks(OfOneLink):
    # Others: one object by the address, so that its end on the first link is its end.
    def test_moved_to_another_link(self):
        self.do("addr add 192.0.2.1/24 dev v0", "addr add 2001:db8::1/64 dev v0 nodad")
        records = self.do("addr add 192.0.2.1/24 dev v1", "addr del 192.0.2.1/24 dev v0",
                          "addr add 2001:db8::1/64 dev v1 nodad", "addr del 2001:db8::1/64 dev v0")
        for local in ("192.0.2.1", "2001:db8::1"):
            self.told(records, "address.added", local=local, ifname="v1")
            self.told(records, "address.removed", local=local, ifname="v0")
            self.assertEqual(self.client.fold.address(local)["ifname"], "v1")

    # Others: kept, so usable. The kernel says nothing of it while the link is down.
    def test_those_that_are_kept_while_it_is_down(self):
        self.namespace.run("sysctl", "-qw", "net.ipv6.conf.v0.keep_addr_on_down=1")
        self.do("addr add 2001:db8::1/64 dev v0")
        self.client.until(lambda fold: fold.address("2001:db8::1", usable=True))
        self.start_anew()
        records = self.do("link set v0 down")
        kept = self.told(records, "address.changed", local="2001:db8::1")
        self.assertEqual((kept["origin"], kept["before"]), ("audit", {"tentative": None, "usable": True}))
        self.assertEqual(set(kept["transitions"]), {"unusable", "tentative"})
        self.told(records, "address.removed", scope="link", ifname="v0")
        self.do("link set v0 up")
        self.client.until(lambda fold: fold.address("2001:db8::1", usable=True))
        oracle.assert_agrees(self.namespace, self.client)

    # Others: below 1,280 bytes IPv6 ends on a link; what they held of it stays. Or, what is behind AF_SPEC being
    # another thing in the message than in the dump, a change that was none.
    def test_a_link_too_small_for_ipv6_and_back(self):
        self.do("addr add 2001:db8::1/64 dev v0 nodad", "addr add 192.0.2.1/24 dev v0")
        before = self.mark()
        records = self.do("link set v0 mtu 1279")
        gone = {record["object"]["local"] for record in records
                if record["type"] == "address.removed" and record["origin"] == "live"}
        self.assertEqual(len(gone), 2, records)
        self.assertIn("2001:db8::1", gone)
        self.assertEqual([address["family"] for address in self.addresses_of("v0")], ["inet"])
        self.do("link set v0 mtu 1500")
        self.client.until(lambda fold: len(self.addresses_of("v0")) == 2)
        self.assertEqual({address["scope"] for address in self.addresses_of("v0")}, {"global", "link"})
        audited = self.last_audit()
        self.namespace.ip("link", "add", "ifb9", "type", "ifb")  # behind which it looks
        wait_until(lambda: self.last_audit() > audited, "an audit has compared")
        records = [record for record in self.since(before) if record["object"]["ifname"] == "v0"]
        self.assertIsNone(self.client.fold.address("2001:db8::1"))
        self.assertEqual([record["before"] for record in records if record["type"] == "link.changed"],
                         [{"mtu": 1500}, {"mtu": 1279}])

    def last_audit(self):
        return scrape(self.daemon.directory / "http.sock")["nlwatch_last_audit_timestamp_seconds"]


class OfDetection(Regression):
    dad = True

    # Others: the first that they hear of a link-local address is that it is usable, 2 s after a dump had it; or the
    # kernel says that it has gone, and they do not know what.
    def test_the_silent_phase_of_a_link_local_address(self):
        self.do("link add v0 type veth peer name v1", "link set v1 up")
        self.namespace.run("sysctl", "-qw", "net.ipv6.conf.v0.dad_transmits=3")  # 3 s and more, on the slowest machine
        self.start_anew()
        before = self.mark()
        self.namespace.ip("link", "set", "v0", "up")
        self.client.until(lambda fold: any(address["usable"] for address in self.addresses_of("v0")))
        added, changed = [record for record in self.since(before)
                          if record["type"].startswith("address.") and record["object"]["ifname"] == "v0"]
        self.assertEqual((added["type"], added["origin"], added["object"]["tentative"], added["transitions"]),
                         ("address.added", "audit", True, ["tentative"]))
        self.assertEqual((changed["type"], changed["origin"], changed["transitions"]),
                         ("address.changed", "live", ["usable"]))

    # Others: a removal of something unknown, told to readers who never heard of it, or looked up and not found.
    def test_one_that_went_before_anyone_saw_it(self):
        self.do("link add v0 type veth peer name v1", "link set v1 up")
        before = self.mark()
        self.daemon.stop()
        self.namespace.ip("link", "set", "v0", "up")
        wait_until(lambda: b"tentative" in self.namespace.ip("addr", "show", "dev", "v0").stdout, "it is there")
        self.namespace.ip("link", "set", "v0", "down")
        self.daemon.resume()
        self.assertEqual([record for record in self.since(before) if record["type"].startswith("address.")
                          and record["object"]["ifname"] == "v0"], [])

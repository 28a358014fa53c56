"""Named regressions: what links do, and what others who follow the kernel make of it."""

from support import oracle
from support.kernel import renames_while_up
from support.laws import is_object_record
from support.regression import Regression
from support.rtnetlink import Requests
from support.web import Follower


def removed(records):
    return [record for record in records if record["type"].endswith(".removed")]


class OfBridges(Regression):
    def make_bridge(self, *options):
        """br0, and its port v0."""
        self.make_pair("v0", "v1")
        self.do(" ".join(("link add br0 type bridge", *options)), "link set br0 up", "link set v0 master br0")

    def port(self):
        return self.client.fold.link("v0")["linkinfo"].get("info_slave_data")

    # Others: an RTM_DELLINK is a deletion, so the port is gone, and its addresses with it.
    def test_a_port_that_is_released_is_not_deleted(self):
        self.make_bridge()
        self.do("addr add 192.0.2.1/24 dev v0")
        records = self.do("link set v0 nomaster")
        self.assertEqual(removed(records), [])
        left, = [record for record in records if "master" in record["before"]]
        self.assertEqual((left["object"]["ifname"], left["before"]["master"], left["transitions"]),
                         ("v0", "br0", ["master_changed"]))

    # Others: the message is of AF_BRIDGE and left aside, so the port stays as it was when it came.
    def test_a_ports_state_and_flags(self):
        self.make_bridge("stp_state 1", "forward_delay 200")
        self.client.until(lambda fold: self.port()["state"] == "forwarding")  # by way of listening and learning, 4 s
        for word, name, was, value in (("cost", "cost", 2, 7), ("learning", "learning", True, False),
                                       ("hairpin", "hairpin", False, True)):
            say = {True: "on", False: "off"}.get(value, str(value))
            mark = self.mark()
            self.namespace.run("bridge", "link", "set", "dev", "v0", word, say)
            record = self.told(self.since(mark), "link.changed", ifname="v0")
            self.assertEqual(record["origin"], "audit", "no message of the link's own tells of it")
            self.assertEqual(record["before"]["linkinfo"]["info_slave_data"][name], was)
            self.assertEqual(self.port()[name], value)

    # Others: what they hold of the ports names a bridge that is no more.
    @renames_while_up
    def test_a_bridge_that_is_renamed_under_its_ports(self):
        self.make_bridge()
        self.do("link add w0 type veth peer name w1", "link set w0 master br0", "addr add 2001:db8::1/64 dev br0 nodad",
                "addr add 192.0.2.1/24 dev br0")
        records = self.do("link set br0 name lan0")
        self.assertEqual(self.told(records, "link.changed", ifname="lan0")["transitions"], ["renamed"])
        for port in ("v0", "w0"):
            record = self.told(records, "link.changed", ifname=port)
            self.assertEqual((record["origin"], record["before"]), ("derived", {"master": "br0"}))
        record = self.told(records, "address.changed", local="2001:db8::1")
        self.assertEqual((record["origin"], record["before"]), ("derived", {"ifname": "br0"}))
        self.assertEqual(removed(records), [])


class OfNames(Regression):
    # Others: a view of eth* goes on showing what is no eth any more, or never learns of what became one.
    @renames_while_up
    def test_renamed_while_up_out_of_a_scope_and_into_it(self):
        self.make_pair("eth7", "far7")
        self.do("addr add 192.0.2.1/24 dev eth7")
        view = Follower(self.hub, self.daemon.directory / "http.sock", "/v1/events?interface=eth*", filtered=True)
        self.addCleanup(view.close)
        view.until(lambda fold: fold.settled and fold.address("192.0.2.1"))
        self.assertEqual([link["ifname"] for link in view.fold.links()], ["eth7"])

        self.do("link set eth7 name wan7")
        view.until(lambda fold: not fold.objects)
        link, *others = [record for record in view.records() if record["type"].endswith(".removed")]
        self.assertEqual((link["type"], link["reason"]), ("link.removed", "filter"), "the link's comes first")
        self.assertEqual((link["before"], link["object"]["ifname"]), ({"ifname": "eth7"}, "wan7"))
        self.assertEqual({record["reason"] for record in others}, {"filter"})

        mark = len(view.lines)
        records = self.do("link set wan7 name eth8")
        view.until(lambda fold: fold.objects == {key: value for key, value in self.client.fold.objects.items()
                                                 if value["ifname"] == "eth8"})
        link, *_ = filter(is_object_record, view.records()[mark:])
        self.assertEqual((link["type"], link["before"]), ("link.added", {"ifname": "wan7"}))
        self.assertEqual(self.told(records, "link.changed", ifname="eth8")["transitions"], ["renamed"])

    # Others: 32 or 64 KiB of buffer cut the message, and what they read of it is nothing.
    def test_hundreds_of_names_in_one_message(self):
        self.do("link add ifb9 type ifb", "link set ifb9 up")
        self.start_anew()
        names = [f"{i:03}".encode() + b"-" + b"x" * 123 for i in range(490)]
        requests = Requests(self.namespace)
        self.addCleanup(requests.close)
        ifindex = self.client.fold.link("ifb9")["ifindex"]
        for at in range(0, len(names), 70):
            requests.add_altnames(ifindex, names[at:at + 70])
        oracle.assert_agrees(self.namespace, self.client)
        record = self.told(self.do("link set ifb9 alias many"), "link.changed", ifname="ifb9")
        self.assertEqual((record["origin"], record["before"]), ("live", {"ifalias": None}))
        self.assertEqual(len(record["object"]["altnames"]), 490)
        self.assertNotIn("resync.begin", self.client.fold.counts)


class OfComingAndGoing(Regression):
    # Others: the end that stays, of which the kernel says nothing while both are down, points to where nothing is.
    def test_to_another_namespace_and_back(self):
        other = self.another_namespace()
        self.do("link add v0 type veth peer name v1", "addr add 192.0.2.1/24 dev v1")
        records = self.do(f"link set v1 netns {other.name}")
        self.assertEqual(self.told(records, "link.removed", ifname="v1")["reason"], "moved_netns")
        self.told(records, "address.removed", local="192.0.2.1")
        self.assertIn("link_netnsid", self.client.fold.link("v0"))
        before = self.mark()
        other.ip("link", "set", "v1", "netns", self.namespace.name)
        self.told(self.since(before), "link.added", ifname="v1")
        self.assertNotIn("link_netnsid", self.client.fold.link("v0"))
        self.assertEqual(self.client.fold.link("v0")["link"], "v1")

    # Others: one object by its name, so what went and what came is one link that changed, or none.
    def test_deleted_and_made_again_under_the_same_name(self):
        self.do("link add v0 type veth peer name v1", "addr add 192.0.2.1/24 dev v0")
        first = self.client.fold.link("v0")["ifindex"]
        records = self.do("link del v0", "link add v0 type veth peer name v1")
        gone = self.told(records, "link.removed", ifname="v0")
        self.assertEqual((gone["object"]["ifindex"], gone["origin"]), (first, "live"))
        self.assertNotEqual(self.told(records, "link.added", ifname="v0")["object"]["ifindex"], first)
        self.told(records, "address.removed", local="192.0.2.1")

    # Others: one object by its index, so the new link bears the old one's addresses.
    def test_deleted_and_made_again_under_the_same_index(self):
        self.do("link add v0 index 77 type veth peer name v1", "addr add 192.0.2.1/24 dev v0")
        records = self.do("link del v0", "link add v0 index 77 type veth peer name v1")
        of_v0 = [entry for entry in self.told_in_order(records) if entry[1] in ("v0", "192.0.2.1")]
        self.assertEqual(of_v0, [("address.removed", "192.0.2.1"), ("link.removed", "v0"), ("link.added", "v0")])

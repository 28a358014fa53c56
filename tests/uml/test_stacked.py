"""VLANs, VRFs and dummies: links that stand upon others, and what becomes of them and their addresses."""

from support.churn import make_pair
from uml.kinds_case import KindsCase
from uml.test_bond import bond


class Vlan(KindsCase):
    def test_upon_a_bond(self):
        self.do(*bond("mode active-backup"),
                "link add link bond0 name bond0.7 type vlan id 7 ingress-qos-map 1:2 egress-qos-map 3:4 5:6",
                "link add link bond0 name s8 type vlan id 8 protocol 802.1ad reorder_hdr off loose_binding on",
                "link set bond0.7 up", "addr add 192.0.2.1/24 dev bond0.7", "addr add 2001:db8::1/64 dev bond0.7")
        self.assertEqual(self.link("bond0.7")["link"], "bond0")
        self.do("link set p0 down", "link set p1 down")  # of the bond, and so of what stands upon it
        self.client.until(lambda fold: fold.link("bond0.7")["state_reason"] == "lower_layer_down")
        self.do("link set p1 up")
        self.client.until(lambda fold: fold.link("bond0.7")["state"] == "up")
        self.do_unseen("link set bond0 down", "link set bond0 name team0", "link set bond0.7 type vlan egress 3:5",
                       "link set s8 up", "link add link s8 name s8.9 type vlan id 9", "link set team0 up",
                       until=lambda links: links["bond0.7"]["operstate"] == "UP")
        self.assertEqual((self.link("bond0.7")["link"], self.link("s8.9")["link"]), ("team0", "s8"))
        self.do_unseen("link del team0")
        self.assertEqual([self.link(name) for name in ("bond0.7", "s8", "s8.9")], [None] * 3)
        self.assertIsNone(self.client.fold.address("192.0.2.1"))


class Vrf(KindsCase):
    def test_members_come_and_go_with_their_addresses(self):
        self.do(*make_pair("v0", "p0"), "addr add 192.0.2.1/24 dev v0", "addr add 2001:db8::1/64 dev v0",
                "link add red type vrf table 10", "link add blue type vrf table 4000000000", "link set red up")
        self.do("link set v0 master red")  # which the kernel takes down and up for it, and its IPv6 addresses with it
        self.assertEqual((self.link("v0")["master"], self.port_data(self.link("v0"))), ("red", {"table": 10}))
        self.assertTrue(self.client.fold.address("192.0.2.1"))
        self.do_unseen("link set v0 master blue", "addr add 2001:db8::2/64 dev v0")
        self.assertEqual(self.port_data(self.link("v0")), {"table": 4000000000})
        self.do_unseen("link set v0 nomaster", "addr add 192.0.2.2/24 dev v0")
        self.assertNotIn("info_slave_kind", self.link("v0")["linkinfo"])
        self.do("link set v0 master red", "addr add 2001:db8::3/64 dev v0")
        self.do_unseen("link set red down", "link set red name pink", "link del blue")
        self.assertEqual(self.link("v0")["master"], "pink")
        self.do_unseen("link del pink")
        self.assertNotIn("master", self.link("v0"))


class Dummy(KindsCase):
    def test_made_again_while_nobody_looks(self):
        self.do("link add d0 index 77 type dummy", "link set d0 up", "addr add 192.0.2.1/24 dev d0",
                "addr add 2001:db8::1/64 dev d0")
        self.assertEqual((self.link("d0")["link_kind"], self.link("d0")["state"]), ("dummy", "up"))
        self.do_unseen("link del d0", "link add d0 index 77 type dummy", "link set d0 mtu 1400",
                       "addr add 192.0.2.2/24 dev d0")
        mark = len(self.client.lines)
        self.do_unseen("link del d0", "link add d0 index 77 type vrf table 7")
        self.assertEqual([record["type"] for record in self.client.records()[mark:]
                          if record.get("key", "").startswith("link/") and record["object"]["ifindex"] == 77][:2],
                         ["link.removed", "link.added"], "another kind is another link")
        self.assertEqual(self.link("d0")["link_kind"], "vrf")
        self.assertEqual({address["ifname"] for address in self.client.fold.addresses()}, {"lo"})

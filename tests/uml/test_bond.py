"""Bonds: members, failover, what stands upon them. The carrier of a member is lost by its veth peer going down."""

from support.churn import make_pair
from uml.kinds_case import KindsCase

_MEMBERS = ("v0", "v1")


def bond(options, members=_MEMBERS):
    """The lines that make bond0, and veth pairs v0/p0 and so on, of which the v are its members."""
    return [*(line for name in members for line in make_pair(name, "p" + name[1:])),
            f"link add bond0 type bond miimon 50 {options}",
            *(line for name in members for line in (f"link set {name} down", f"link set {name} master bond0")),
            "link set bond0 up"]


class ActiveBackup(KindsCase):
    def setUp(self):
        super().setUp()
        self.do(*bond("mode active-backup"), "addr add 192.0.2.1/24 dev bond0", "addr add 2001:db8::1/64 dev bond0")
        self.until("bond0", active_slave="v0")

    def states(self):
        return [self.port_data(self.link(name))["state"] for name in _MEMBERS]

    def test_the_other_member_takes_over_and_gives_back(self):
        self.assertEqual(self.states(), ["ACTIVE", "BACKUP"])
        self.do("link set p0 down")
        self.until("bond0", active_slave="v1")
        self.assertEqual(self.states(), ["BACKUP", "ACTIVE"])
        self.assertEqual(self.port_data(self.link("v0"))["mii_status"], "DOWN")
        self.assertEqual(self.link("bond0")["state"], "up")
        self.do("link set p0 up", "link set bond0 type bond primary v0")
        self.until("bond0", active_slave="v0", primary="v0")
        self.do("link set p0 down", "link set p1 down")
        self.client.until(lambda fold: fold.link("bond0")["state"] == "down")
        self.assertNotIn("active_slave", self.kind_data(self.link("bond0")))
        self.do("link set p1 up")
        self.until("bond0", active_slave="v1")

    def test_it_takes_over_while_nobody_looks(self):
        self.do_unseen("link set p0 down", until=lambda links: self.kind_data(links["bond0"])["active_slave"] == "v1")
        self.assertEqual(self.states(), ["BACKUP", "ACTIVE"])
        self.do_unseen("link set p0 up", "link set p1 down",
                       until=lambda links: self.kind_data(links["bond0"])["active_slave"] == "v0")
        self.assertEqual(self.states(), ["ACTIVE", "BACKUP"])
        self.do_unseen("link set v0 nomaster", "link set p1 up",
                       "link set bond0 down", "link set bond0 name team0", "link set team0 up",
                       until=lambda links: self.kind_data(links["team0"]).get("active_slave") == "v1")
        self.assertNotIn("info_slave_kind", self.link("v0")["linkinfo"])
        self.assertEqual(self.link("v1")["master"], "team0")
        self.do_unseen("link del team0")
        self.assertIsNone(self.client.fold.address("192.0.2.1"))
        self.assertNotIn("master", self.link("v1"))


class OtherModes(KindsCase):
    def test_options_of_each_mode(self):
        self.do("link add b0 type bond mode balance-rr packets_per_slave 3 resend_igmp 5",
                "link add b1 type bond mode balance-xor xmit_hash_policy layer3+4 min_links 2",
                "link add b2 type bond mode broadcast arp_interval 1000 arp_ip_target 192.0.2.8,192.0.2.9",
                "link add b3 type bond mode balance-tlb tlb_dynamic_lb 0 lp_interval 7",
                "link add b4 type bond mode balance-alb all_slaves_active 1 updelay 100 downdelay 200 miimon 100",
                "link add b5 type bond mode active-backup arp_interval 500 arp_ip_target 192.0.2.7 arp_validate all "
                "arp_all_targets all num_grat_arp 3 fail_over_mac active primary_reselect better")
        self.do(*(f"link set b{number} up" for number in range(6)))  # of one that is down, the kernel tells no options
        self.do_unseen("link set b0 type bond packets_per_slave 0", "link set b1 type bond min_links 1",
                       "link set b2 type bond arp_ip_target 192.0.2.9", "link del b3",
                       "link set b4 type bond miimon 0", "link set b5 type bond arp_validate none")


class Lacp(KindsCase):
    config = KindsCase.config + '\naudit_interval = "1 s"'  # of the ports' states the kernel sends no message

    def test_without_a_partner(self):
        # With one the ports' states never rest on a starved machine, where its messages come too late.
        self.do(*bond("mode 802.3ad lacp_rate fast ad_user_port_key 5 ad_actor_sys_prio 7"))

        def aggregator_of(ifname):
            """Whether it is the bond's, which the kernel tells in no message of its own."""
            mine = self.port_data(self.link(ifname)).get("ad_aggregator_id")
            return mine is not None and self.kind_data(self.link("bond0")).get("ad_info", {}).get("aggregator") == mine

        self.client.until(lambda _: aggregator_of("v0"))
        self.do_unseen("link set v0 nomaster", "link set v0 down")
        self.client.until(lambda _: aggregator_of("v1"))

"""The stream of a daemon with the default configuration tells of everything that `ip` does, and folds to the kernel."""

import json
import pathlib
import re
import subprocess

from support import oracle
from support.case import DaemonCase
from support.daemon import wait_until
from support.kernel import renames_while_up
from support.laws import is_numbered
from support.schema import Schema


class FirstLight(DaemonCase):
    def setUp(self):
        super().setUp()
        self.daemon = self.start()
        self.client = self.daemon.settled_client()

    def do(self, *lines):
        """Runs `ip` commands; returns the records up to the moment when the stream has told of them all."""
        self.client.advance()
        before = len(self.client.lines)
        for line in lines:
            self.namespace.ip(*line.split())
        oracle.assert_agrees(self.namespace, self.client)
        return [record for record in self.client.records()[before:]
                if record.get("object", {}).get("ifname") != "lo"]  # the oracle's token

    def told(self, records, kind, **object_members):
        """The one record of that type whose object has these members."""
        found = [record for record in records
                 if record["type"] == kind and object_members.items() <= record["object"].items()]
        self.assertEqual(len(found), 1, json.dumps(records, indent=1))
        return found[0]

    def test_hello_snapshot_then_live(self):
        hello, begin, *rows, end = self.client.records()
        self.assertEqual(hello["type"], "hello")
        self.assertEqual(sorted(hello["kinds"]), ["address", "link"])
        version = self.nlwatch("version").stdout.decode()
        self.assertIn(hello["version"], version)
        self.assertEqual(hello["seq"], 0)
        self.assertEqual(begin["type"], "snapshot.begin")
        self.assertTrue(end["settled"])
        self.assertEqual({row["object"]["ifname"] for row in rows}, {"lo"})
        oracle.assert_agrees(self.namespace, self.client)
        first = next(record for record in self.client.records() if is_numbered(record))
        self.assertEqual(first["seq"], 1)

    def test_links_come_change_and_go(self):
        records = self.do("link add v0 type veth peer name v1")
        self.assertEqual(self.told(records, "link.added", ifname="v0")["object"]["link_kind"], "veth")
        self.told(records, "link.added", ifname="v1")

        records = self.do("link set v0 up", "link set v1 up")
        words = {word for record in records if record["object"]["ifname"] == "v0" for word in record["transitions"]}
        self.assertLessEqual({"admin_up", "carrier_up", "state_up"}, words)

        records = self.do("link set v0 mtu 1400")
        self.assertEqual(self.told(records, "link.changed", ifname="v0", mtu=1400)["before"], {"mtu": 1500})

        self.do("link set v0 down")
        records = self.do("link set v0 name w0")
        record = self.told(records, "link.changed", ifname="w0", mtu=1400)
        self.assertEqual(record["before"]["ifname"], "v0")
        self.assertIn("renamed", record["transitions"])
        record = self.told(records, "link.changed", ifname="v1")  # its peer's name is in the other end's row
        self.assertEqual((record["origin"], record["before"], record["object"]["link"]),
                         ("derived", {"link": "v0"}, "w0"))
        self.do("link set w0 up")

        records = self.do("link property add dev w0 altname another-name-of-it")
        record = self.told(records, "link.changed", ifname="w0")
        self.assertEqual(record["before"], {"altnames": None})
        self.assertEqual(record["object"]["altnames"], ["another-name-of-it"])
        records = self.do("link property del dev w0 altname another-name-of-it")
        record = self.told(records, "link.changed", ifname="w0")
        self.assertEqual(record["before"], {"altnames": ["another-name-of-it"]})

        records = self.do("link set w0 alias uplink")
        self.assertEqual(self.told(records, "link.changed", ifname="w0", ifalias="uplink")["before"], {"ifalias": None})

        records = self.do("link set v1 down")
        words = {word for record in records if record["object"]["ifname"] == "w0" for word in record["transitions"]}
        self.assertLessEqual({"carrier_down", "state_down"}, words)
        self.assertEqual(self.client.fold.link("w0")["state_reason"], "lower_layer_down")
        self.assertEqual(self.client.fold.link("v1")["state_reason"], "admin_down")

        records = self.do("link del w0")
        self.assertEqual(self.told(records, "link.removed", ifname="w0")["reason"], "deleted")
        self.assertEqual(self.told(records, "link.removed", ifname="v1")["reason"], "deleted")

    def test_enslave_and_release(self):
        self.do("link add br0 type bridge", "link add v0 type veth peer name v1", "link set br0 up", "link set v1 up")
        records = self.do("link set v0 master br0 up")
        words = {word for record in records if record["object"]["ifname"] == "v0" for word in record["transitions"]}
        self.assertIn("master_changed", words)
        port = self.client.fold.link("v0")
        self.assertEqual((port["master"], port["linkinfo"]["info_slave_kind"]), ("br0", "bridge"))
        self.assertEqual(port["linkinfo"]["info_slave_data"]["state"], "forwarding")
        self.assertFalse([record for record in records if record["type"] == "link.removed"])
        records = self.do("link set v0 nomaster")  # the kernel sends an AF_BRIDGE RTM_DELLINK with it
        self.assertFalse([record for record in records if record["type"] == "link.removed"])
        self.assertNotIn("master", self.client.fold.link("v0"))
        self.do("link set br0 type bridge ageing_time 1000", "link set v0 master br0",
                "link set v0 type bridge_slave learning off")
        self.namespace.run("bridge", "link", "set", "dev", "v0", "cost", "7")  # announced for AF_BRIDGE alone
        self.client.until(lambda fold: fold.link("v0")["linkinfo"]["info_slave_data"]["cost"] == 7)
        self.do("link set br0 down")
        records = self.do("link set br0 name br1")
        record = self.told(records, "link.changed", ifname="v0")
        self.assertEqual((record["origin"], record["before"]), ("derived", {"master": "br0"}))
        self.do("link del br1", "link del v0")

    def test_to_another_namespace_and_back(self):
        other = self.another_namespace()
        self.do("link add v0 type veth peer name v1", "link set v0 up", "addr add 192.0.2.1/24 dev v0")
        records = self.do(f"link set v0 netns {other.name}")
        self.assertEqual(self.told(records, "link.removed", ifname="v0")["reason"], "moved_netns")
        self.told(records, "address.removed", local="192.0.2.1")
        self.assertIn("link_netnsid", self.client.fold.link("v1"))
        self.client.advance()
        before = len(self.client.lines)
        other.ip("link", "set", "v0", "netns", self.namespace.name)
        oracle.assert_agrees(self.namespace, self.client)
        self.told(self.client.records()[before:], "link.added", ifname="v0")
        self.assertEqual(self.client.fold.link("v1")["link"], "v0")

    def test_an_ifindex_used_again(self):
        self.do("link add v0 index 77 type veth peer name v1", "link del v0")
        records = self.do("link add br0 index 77 type bridge")
        self.assertEqual(self.told(records, "link.added", ifname="br0")["object"]["ifindex"], 77)

    def test_addresses_of_both_families(self):
        self.do("link add v0 type veth peer name v1", "link set v0 up", "link set v1 up")
        records = self.do("addr add 192.0.2.1/24 brd + dev v0")
        record = self.told(records, "address.added", local="192.0.2.1")
        self.assertEqual(record["transitions"], ["usable"])
        self.assertEqual((record["object"]["ifname"], record["object"]["link_kind"]), ("v0", "veth"))
        self.assertEqual(record["object"]["broadcast"], "192.0.2.255")
        records = self.do("addr change 192.0.2.1/24 metric 7 dev v0")
        self.assertEqual(self.told(records, "address.changed", local="192.0.2.1", metric=7)["before"], {"metric": None})

        records = self.do("addr add 2001:db8::1/64 dev v0")
        self.told(records, "address.added", local="2001:db8::1")
        records = self.do("addr change 2001:db8::1/64 dev v0 preferred_lft 0 valid_lft 1000")
        self.assertIn("deprecated", {word for record in records for word in record["transitions"]})

        records = self.do("addr add 198.51.100.1 peer 198.51.100.8/32 dev v0",
                          "addr add 198.51.100.1 peer 198.51.100.9/32 dev v0")
        both = [self.told(records, "address.added", local="198.51.100.1", address=f"198.51.100.{last}")["key"]
                for last in (8, 9)]
        self.assertNotEqual(*both)
        records = self.do("addr del 198.51.100.1 peer 198.51.100.8/32 dev v0")
        self.assertEqual(self.told(records, "address.removed", local="198.51.100.1")["key"], both[0])
        self.assertIn(both[1], self.client.fold.objects)

        records = self.do("link del v0")
        gone = {record["object"]["local"] for record in records if record["type"] == "address.removed"}
        self.assertLessEqual({"192.0.2.1", "2001:db8::1", "198.51.100.1"}, gone)
        last = [record for record in records if record["object"]["ifname"] == "v0"][-1]
        self.assertEqual(last["type"], "link.removed")

    @renames_while_up
    def test_a_rename_while_up(self):
        self.do("link add v0 type veth peer name v1", "link set v0 up", "link set v1 up",
                "addr add 192.0.2.1/24 dev v0", "addr add 2001:db8::1/64 dev v0")
        records = self.do("link set v0 name w0")
        record = self.told(records, "link.changed", ifname="w0")
        self.assertEqual(record["before"]["ifname"], "v0")
        self.assertIn("renamed", record["transitions"])
        # Of IPv4 addresses the kernel tells that the label changes with it.
        self.assertEqual({record["origin"] for record in records if record["type"] == "address.changed"
                          and record["object"]["family"] == "inet6"}, {"derived"})
        self.assertEqual(self.client.fold.address("192.0.2.1")["ifname"], "w0")

    def test_what_changes_no_state_makes_no_record(self):
        self.do("link add v0 type veth peer name v1", "link set v0 up", "link set v1 up",
                "addr add 192.0.2.1/24 dev v0 valid_lft 1000 preferred_lft 900")
        self.assertEqual(self.do("addr change 192.0.2.1/24 dev v0 valid_lft 2000 preferred_lft 1900",
                                 "link set v0 mtu 1500", "link set v0 up",
                                 "addr change 192.0.2.1/24 dev v0 valid_lft 3000 preferred_lft 2900"), [])

    def test_other_kinds(self):
        self.do("link add v0 type veth peer name v1", "link set v0 up",
                "link add mv0 link v0 type macvlan mode bridge",
                "link add vx0 type vxlan id 7 dev v0 remote 192.0.2.9 dstport 4789",
                "link add vx1 type vxlan id 9 group 239.1.1.1 dev v0 dstport 0 ttl 3 local 192.0.2.3",
                "link add ifb9 type ifb")
        self.assertEqual(self.client.fold.link("mv0")["linkinfo"]["info_data"]["mode"], "bridge")
        self.assertEqual(self.client.fold.link("vx0")["linkinfo"]["info_data"]["remote"], "192.0.2.9")
        self.do("link set v0 down", "link set v0 name w0", "link set w0 up",
                "link set mv0 type macvlan mode private", "link set mv0 up",
                "link set w0 address 02:00:00:00:00:07", "link set ifb9 group 5 txqueuelen 17")
        self.assertEqual(self.client.fold.link("vx0")["linkinfo"]["info_data"]["link"], "w0")

    def test_every_line_is_what_the_schema_says(self):
        self.test_addresses_of_both_families()
        self.test_enslave_and_release()
        self.test_other_kinds()
        schema = Schema()
        records = self.client.records()
        self.assertGreater(len(records), 60)
        for record in records:
            schema.check(record)

    def test_nc_and_jq(self):
        for options, stdin in ((["-U"], subprocess.PIPE), (["-N", "-U"], subprocess.DEVNULL)):
            name = f"v{len(options)}"
            nc = subprocess.Popen(["nc", *options, str(self.daemon.stream)], stdin=stdin, stdout=subprocess.PIPE)
            jq = subprocess.Popen(["jq", "--unbuffered", "-c", "."], stdin=nc.stdout, stdout=subprocess.PIPE)
            try:
                seen = [json.loads(jq.stdout.readline())["type"] for _ in range(2)]
                self.assertEqual(seen, ["hello", "snapshot.begin"])
                self.namespace.ip("link", "add", name, "type", "ifb")
                record = json.loads(jq.stdout.readline())
                while record["type"] != "link.added" or record["object"]["ifname"] != name:
                    record = json.loads(jq.stdout.readline())
                self.assertEqual(record["origin"], "live")
            finally:
                for process in (nc, jq):
                    process.kill()
                    process.wait()
                for pipe in (nc.stdin, nc.stdout, jq.stdout):
                    if pipe:
                        pipe.close()

    def test_the_line_of_jq_in_the_readme_folds(self):
        readme = (pathlib.Path(__file__).parents[2] / "README.md").read_text()
        line = re.search(r"jq -n '(reduce inputs as \$r [^']*)'", readme).group(1)
        self.do("link add v0 type veth peer name v1", "addr add 192.0.2.1/24 dev v0",
                "link set v0 name w0", "link set w0 up", "addr add 192.0.2.2/24 dev w0",
                "addr del 192.0.2.1/24 dev w0", "link add ifb9 type ifb", "link del ifb9")
        self.client.advance()
        text = b"\n".join(self.client.lines)
        folded = subprocess.run(["jq", "-n", line], input=text, stdout=subprocess.PIPE, check=True).stdout
        self.assertEqual(json.loads(folded), self.client.fold.objects)

    def test_a_log_line_for_each_edge(self):
        self.do("link add v0 type veth peer name v1", "link set v0 up", "link set v1 up",
                "addr add 192.0.2.1/24 dev v0", "link set v1 down", "addr del 192.0.2.1/24 dev v0")

        def logged(*words):
            return any(all(word in line for word in words) for line in self.daemon.log().splitlines())

        wait_until(lambda: logged("v0", "up"), "the log tells that v0 is up")
        wait_until(lambda: logged("v0", "down"), "the log tells that v0 is down")
        wait_until(lambda: logged("192.0.2.1", "v0", "usable"), "the log tells of the address")

    def test_a_rename_back_and_forth_within_one_read(self):
        self.do("link add v0 type veth peer name v1")
        self.daemon.stop()
        for _ in range(20):
            self.namespace.batch(["link set v0 name x0", "link set x0 name v0"])
        self.daemon.resume()
        oracle.assert_agrees(self.namespace, self.client)


class DuplicateAddressDetection(DaemonCase):
    dad = True

    def test_an_address_goes_from_tentative_to_usable(self):
        daemon = self.start()
        client = daemon.settled_client()
        self.namespace.batch(["link add v0 type veth peer name v1", "link set v0 up", "link set v1 up"])
        client.until(lambda fold: (fold.link("v0") or {}).get("state") == "up")
        self.namespace.ip("addr", "add", "2001:db8::1/64", "dev", "v0")
        added = client.until_record(lambda record: record["type"] == "address.added"
                                    and record["object"]["local"] == "2001:db8::1")
        self.assertTrue(added["object"]["tentative"])
        self.assertFalse(added["object"]["usable"])
        self.assertEqual(added["transitions"], ["tentative"])
        client.until(lambda fold: fold.address("2001:db8::1", usable=True))
        changed = client.until_record(lambda record: record["type"] == "address.changed"
                                      and record["object"]["local"] == "2001:db8::1")
        self.assertEqual(changed["before"], {"tentative": True, "usable": False})
        self.assertIn("usable", changed["transitions"])
        oracle.assert_agrees(self.namespace, client)

    def test_an_address_that_another_has_fails(self):
        daemon = self.start()
        client = daemon.settled_client()
        other = self.another_namespace()
        self.namespace.batch(["link add v0 type veth peer name v1", f"link set v1 netns {other.name}",
                              "link set v0 up"])
        other.batch(["link set v1 up", "addr add 2001:db8::1/64 dev v1 nodad"])
        client.until(lambda fold: (fold.link("v0") or {}).get("state") == "up")
        # The other answers only once its own link-local address, which has to be unique too, is there.
        wait_until(lambda: b"tentative" not in other.ip("addr", "show", "dev", "v1").stdout, "the other is ready")
        self.namespace.ip("addr", "add", "2001:db8::1/64", "dev", "v0")
        client.until(lambda fold: fold.address("2001:db8::1", dadfailed=True))
        self.assertFalse(client.fold.address("2001:db8::1")["usable"])
        client.until_record(lambda record: "dad_failed" in record.get("transitions", ()))
        oracle.assert_agrees(self.namespace, client)

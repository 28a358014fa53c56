"""Named regressions: what happened while nothing could be heard, in a buffer that one message fills."""

from support.regression import Regression
from support.web import scrape

NOISE = [f"link set lo mtu {mtu}" for mtu in (*range(60000, 60040), 65536)]  # ends as it began


class Blind(Regression):
    config = ('[netlink]\nreceive_buffer = 2304\nreceive_buffer_max = 2304\n'  # bytes: the kernel's least
              'resync_min_interval = "50 ms"\naudit_interval = "1 h"\n')

    def blind(self, *lines):
        """As do(), but the kernel has to drop each message of what these commands do."""
        before = self.mark()
        self.daemon.stop()
        self.namespace.batch(NOISE)
        for line in lines:  # one by one: ip -batch remembers which index a name had
            self.namespace.ip(*line.split())
        self.daemon.resume()
        records = self.since(before)
        self.client.until_record(lambda record: record["type"] == "resync.end", before)
        return records

    # Others: a ghost beside the new one, or one that bears the name of both.
    def test_a_link_made_again_under_the_same_name(self):
        self.do("link add v0 type veth peer name v1", "addr add 192.0.2.1/24 dev v0")
        first = self.client.fold.link("v0")["ifindex"]
        records = self.blind("link del v0", "link add v0 type veth peer name v1")
        gone = self.told(records, "link.removed", ifname="v0")
        self.assertEqual((gone["object"]["ifindex"], gone["origin"], gone["reason"]), (first, "resync", "deleted"))
        self.told(records, "address.removed", local="192.0.2.1")
        self.assertNotEqual(self.told(records, "link.added", ifname="v0")["object"]["ifindex"], first)

    # Others: a bridge that turned into a veth, and has had that address all the time.
    def test_a_link_made_again_under_the_same_index_of_another_kind(self):
        self.do("link add br0 index 77 type bridge", "addr add 192.0.2.1/24 dev br0")
        records = self.blind("link del br0", "link add v0 index 77 type veth peer name v1",
                             "addr add 192.0.2.1/24 dev v0")
        self.assertEqual([(record["type"], record["object"]["ifname"]) for record in records
                          if record["object"]["ifindex"] == 77 and not record["type"].endswith(".changed")],
                         [("address.removed", "br0"), ("link.removed", "br0"),
                          ("link.added", "v0"), ("address.added", "v0")])

    # Others: the same link, and 2^32 flaps that nobody saw. Only the carrier's counters, which went back, tell.
    def test_a_link_made_again_under_the_same_index_of_the_same_kind(self):
        self.do("link add v0 index 77 type veth peer name v1", "link set v0 up")
        for _ in range(3):
            self.do("link set v1 up")
            self.client.until(lambda fold: fold.link("v0")["carrier"])
            self.do("link set v1 down")
            self.client.until(lambda fold: not fold.link("v0")["carrier"])
        self.do("addr add 192.0.2.1/24 dev v0")
        records = self.blind("link del v0", "link add v0 index 77 type veth peer name v1",
                             "addr add 192.0.2.1/24 dev v0")
        of_it = [record["type"] for record in records
                 if record["object"]["ifindex"] == 77 and record["object"].get("scope") != "link"]
        self.assertEqual(of_it, ["address.removed", "link.removed", "link.added", "address.added"])
        self.assertFalse([record for record in records if "missed" in record])

    # Others: on both, or on neither.
    def test_an_address_moved_to_another_link(self):
        self.do("link add v0 type veth peer name v1", "addr add 192.0.2.1/24 dev v0",
                "addr add 2001:db8::1/64 dev v0 nodad")
        records = self.blind("addr del 192.0.2.1/24 dev v0", "addr add 192.0.2.1/24 dev v1",
                             "addr del 2001:db8::1/64 dev v0", "addr add 2001:db8::1/64 dev v1 nodad")
        for local in ("192.0.2.1", "2001:db8::1"):
            self.told(records, "address.removed", local=local, ifname="v0")
            self.told(records, "address.added", local=local, ifname="v1")

    # Others: up before and up after, so nothing was.
    def test_a_flap_that_nobody_saw(self):
        self.make_pair("v0", "v1")
        self.do()
        before, first, metric = self.mark(), self.counters(), self.metric()
        # The kernel announces carrier late, and at once to one who asks.
        self.blind(*("link set v1 down", "link show v0", "link set v1 up", "link show v0") * 2)
        records = [record for record in self.client.records()[before:] if record["type"] == "link.changed"
                   and record["object"]["ifname"] == "v0"]
        missed = [record["missed"][way] for record in records if "missed" in record
                  for way in ("carrier_up", "carrier_down")]
        self.assertGreater(sum(missed), 0, records)
        told = [sum((way in record["transitions"]) + record.get("missed", {}).get(way, 0) for record in records)
                for way in ("carrier_up", "carrier_down")]
        self.assertEqual(told, [2, 2])
        self.assertEqual([now - was for now, was in zip(self.counters(), first)], told, "the kernel's own count")
        self.assertEqual([now - was for now, was in zip(self.metric(), metric)], told)

    def counters(self):
        """How often v0's carrier came and went, as the kernel counts."""
        return [int(self.namespace.run("cat", f"/sys/class/net/v0/carrier_{way}_count").stdout)
                for way in ("up", "down")]

    def metric(self):
        series = scrape(self.daemon.directory / "http.sock")
        return [series[f'nlwatch_link_transitions_total{{device="v0",transition="carrier_{way}"}}']
                for way in ("up", "down")]

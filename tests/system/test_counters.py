"""Every counter that can be provoked from outside moves when it is, by as much as it should, and no other way."""

import pathlib
import re
import signal
import socket
from subprocess import DEVNULL

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import wait_until
from support.rtnetlink import IFLA_IFNAME, NETLINK_ROUTE, RTM_NEWLINK, attribute, ifinfomsg, message
from support.web import Follower, scrape

SMALL = '[netlink]\nreceive_buffer = "16 KiB"\nreceive_buffer_max = "64 KiB"\nresync_min_interval = "50 ms"\n'


class Case(DaemonCase):
    def begin(self, config=""):
        self.daemon = self.start(config)
        self.http = self.daemon.directory / "http.sock"
        self.client = self.daemon.settled_client(filtered="[filter]" in config)
        self.told = self.scrape()

    def scrape(self):
        return {name.removeprefix("nlwatch_"): value for name, value in scrape(self.http).items()}

    def until_moved(self, **by):
        """Waits until each of these (labels after two underscores) has moved by so much since begin(), or the last
        call; a callable says how much is right. Returns the new values."""
        wanted = {self.series(name): amount for name, amount in by.items()}

        def moved():
            now = self.scrape()
            return all(amount(now[name] - self.told[name]) if callable(amount) else now[name] - self.told[name] == amount
                       for name, amount in wanted.items()) and now

        try:
            now = wait_until(moved, "all have moved")
        except AssertionError as error:
            now = self.scrape()
            raise AssertionError(f"{error}: {[(name, now[name] - self.told[name]) for name in wanted]}") from None
        self.told = now
        return now

    def series(self, name):
        """events_total__kind_link__op_added -> the series whose labels have these values."""
        family, *values = name.split("__")
        pairs = [value.partition("_") for value in values]
        labels = ",".join(f'{label}="{value}"' for label, _, value in pairs)
        return f"{family}{{{labels}}}" if labels else family


def some(moved):
    return moved > 0


class OfEvents(Case):
    def test_changes_of_links_and_addresses(self):
        self.begin()
        self.namespace.batch(["link add br0 type bridge", "link set br0 mtu 1400"])
        self.until_moved(events_total__kind_link__op_added__origin_live=1,
                         events_total__kind_link__op_changed__origin_live=1,
                         events_total__kind_address__op_added__origin_live=0,
                         netlink_messages_received_total__type_new_link=some, netlink_received_bytes_total=some,
                         event_dispatch_seconds_count=some, backlog_records=2, backlog_bytes=some,
                         state_objects__kind_link=1, last_event_timestamp_seconds=some)
        self.namespace.batch(["addr add 192.0.2.1/24 dev lo", "addr del 192.0.2.1/24 dev lo", "link del br0"])
        self.until_moved(events_total__kind_address__op_added__origin_live=1,
                         events_total__kind_address__op_removed__origin_live=1,
                         events_total__kind_link__op_removed__origin_live=1,
                         address_transitions_total__transition_usable=1,
                         address_transitions_total__transition_unusable=1,
                         netlink_messages_received_total__type_new_address=1,
                         netlink_messages_received_total__type_del_address=1,
                         netlink_messages_received_total__type_del_link=some, state_objects__kind_link=-1)

    def test_what_is_derived(self):
        self.begin()
        self.namespace.batch(["link add br0 type bridge", "link set br0 up", "link add v0 type veth peer name v1",
                              "link set v0 master br0", "addr add 192.0.2.1/24 dev br0"])
        self.namespace.ip("link", "set", "br0", "name", "br1")
        self.until_moved(events_total__kind_link__op_changed__origin_derived=some,
                         events_total__kind_address__op_changed__origin_derived=some)

    def test_what_is_suppressed(self):
        self.begin('[filter]\ninterface = ["!br*"]\n')
        self.namespace.batch(["link add br0 type bridge", "link set br0 mtu 1400"])
        self.until_moved(events_suppressed_total__kind_link__reason_filter=2,
                         events_total__kind_link__op_added__origin_live=0)
        for lifetime in (1000, 2000):  # of which an object says nothing
            self.namespace.ip("addr", "replace", "192.0.2.1/24", "dev", "lo", "valid_lft", str(lifetime),
                              "preferred_lft", str(lifetime))
        self.until_moved(events_total__kind_address__op_added__origin_live=1,
                         events_suppressed_total__kind_address__reason_unchanged=1)

    def test_what_is_forged_and_what_is_a_bridges(self):
        self.begin()
        forger = self.namespace.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE)
        self.addCleanup(forger.close)
        forged = message(RTM_NEWLINK, 0, ifinfomsg(999) + attribute(IFLA_IFNAME, b"forged0\0"))
        forger.bind((0, 0))
        forger.sendto(forged, (0, 1))  # to the group of links
        self.until_moved(netlink_ignored_messages_total__reason_forged=1)
        self.namespace.batch(["link add br0 type bridge", "link add v0 type veth peer name v1", "link set v0 master br0"])
        self.until_moved(netlink_ignored_messages_total__reason_bridge_port=some)
        oracle.assert_agrees(self.namespace, self.client)


class OfLosses(Case):
    def test_an_overrun_and_its_resync(self):
        self.begin(SMALL)
        self.daemon.stop()
        self.namespace.batch([f"link set lo mtu {mtu}" for mtu in range(60000, 60300)])
        self.daemon.resume()
        self.client.until(lambda fold: fold.counts.get("resync.end"))
        lost = sum(record["lost"] for record in self.client.records() if record["type"] == "resync.end")
        now = self.until_moved(netlink_overruns_total=some, netlink_lost_messages_total=lost,
                               resyncs_total__cause_overrun=some, resync_duration_seconds_count=some,
                               passes_total__result_clean=some,
                               events_total__kind_link__op_changed__origin_resync=some,
                               netlink_receive_buffer_bytes=some, netlink_receive_buffer_requested_bytes=some)
        self.assertGreater(lost, 0)
        self.assertEqual(now["resync_in_progress"], 0)
        self.assertEqual(now["resyncs_total{cause=\"overrun\"}"], self.client.fold.counts["resync.end"])

    def test_dumps_that_are_interrupted(self):
        """An audit or a resync that meets changes: the kernel says so of the dump, and the pass is not the last."""
        self.begin(SMALL)
        storm = churn.Storm(seed=31)
        self.namespace.batch(storm.cast())
        for i in range(100):
            self.namespace.ip("link", "add", f"b{i}", "type", "bridge")

        def interrupted():
            churning = self.namespace.popen("ip", "-force", "-batch", str(self.batch(storm.changes(400))),
                                            stdout=DEVNULL, stderr=DEVNULL)
            while churning.poll() is None:
                self.daemon.stop()
                self.daemon.resume()
            return sum(value for name, value in self.scrape().items() if name.startswith("dump_interruptions_total")) > 0

        wait_until(interrupted, "a dump is interrupted", timeout=60)
        oracle.assert_agrees(self.namespace, self.client)

    def batch(self, lines):
        path = pathlib.Path(self.daemon.home / "batch")
        path.write_text("\n".join([*lines, ""]))
        return path

    def test_an_audit_repairs_what_nobody_told(self):
        """An alias of a link that is down: the kernel changes it in silence."""
        self.begin('[netlink]\naudit_interval = "1 s"\n')
        self.namespace.ip("link", "add", "br0", "type", "bridge")
        self.client.until(lambda fold: fold.link("br0"))
        self.namespace.ip("link", "set", "br0", "alias", "in-silence")
        record = self.client.until_record(lambda record: record.get("origin") == "audit")
        self.assertEqual(record["object"]["ifalias"], "in-silence")
        self.until_moved(state_drift_total__kind_link__op_changed=1, passes_total__result_clean=some,
                         events_total__kind_link__op_changed__origin_audit=1, last_audit_timestamp_seconds=some)


class OfReaders(Case):
    def test_readers_and_their_gaps(self):
        self.begin('[backlog]\nbytes = "1 MiB"\n')
        storm = churn.Storm(seed=32)
        self.namespace.batch(storm.cast())
        late = {"stream": self.daemon.client(reading=False),
                "ndjson": Follower(self.hub, self.http, reading=False),
                "sse": Follower(self.hub, self.http, sse=True, reading=False)}
        for client in late.values():
            self.addCleanup(client.close)
        self.until_moved(subscribers__transport_stream=1, subscribers__transport_ndjson=1, subscribers__transport_sse=1)
        storm.outrun(1 << 20, self.namespace, self.client)
        for client in late.values():
            client.resume()
            client.until(lambda fold: fold.counts.get("gap") and fold.whole())
        gaps = {transport: client.fold.counts["gap"] for transport, client in late.items()}
        self.until_moved(**{f"subscriber_gaps_total__transport_{transport}": count for transport, count in gaps.items()})
        for client in late.values():
            client.close()
        self.until_moved(subscribers__transport_stream=-1, subscribers__transport_ndjson=-1, subscribers__transport_sse=-1)

    def test_reloads(self):
        self.begin()
        file = self.daemon.home / "nlwatch.toml"
        for text, outcome, successful in (("", "applied", 0), ("[lgo]\n", "refused", -1), ("", "applied", 1)):
            file.write_text(text)
            self.daemon.process.send_signal(signal.SIGHUP)
            self.until_moved(**{f"config_reloads_total__outcome_{outcome}": 1, "config_last_reload_successful": successful})

    def test_a_sink(self):
        self.begin()
        self.namespace.batch(churn.make_pair("v0", "v1"))
        up = "sink_events_total__sink_log__type_log__result_delivered"
        self.until_moved(**{up: lambda moved: moved >= 4, "sink_attempts_total__sink_log__type_log__outcome_success": some,
                            "sink_delivery_seconds_count__sink_log__type_log": some})


class OfDevices(Case):
    def transitions(self, device):
        told = self.scrape()
        return tuple(told.get(f'link_transitions_total{{device="{device}",transition="{one}"}}')
                     for one in ("carrier_up", "carrier_down", "state_up", "state_down"))

    def test_a_flap_between_two_scrapes_of_a_link_that_just_appeared(self):
        self.begin()
        self.namespace.batch(["link add v0 type veth peer name v1", "link set v0 up", "link set v1 up"])
        first = wait_until(lambda: (seen := self.transitions("v0"))[2] == 1 and seen, "it is up")
        self.namespace.ip("link", "set", "v1", "down")
        self.client.until(lambda fold: not fold.link("v0")["carrier"])  # else the kernel may keep it to itself
        self.namespace.ip("link", "set", "v1", "up")
        second = wait_until(lambda: (seen := self.transitions("v0"))[2] == 2 and seen, "it is up again")
        self.assertEqual(tuple(now - was for was, now in zip(first, second)), (1, 1, 1, 1))

    def test_it_begins_at_nothing_and_leaves_nothing(self):
        self.begin()
        self.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
        wait_until(lambda: self.transitions("v0") == (0, 0, 0, 0), "all begin at 0")
        self.namespace.ip("link", "set", "v0", "name", "renamed")
        wait_until(lambda: self.transitions("renamed") == (0, 0, 0, 0), "under its new name it is another device")
        self.assertEqual(self.transitions("v0"), (None,) * 4)
        self.namespace.ip("link", "del", "renamed")
        wait_until(lambda: not [name for name in self.scrape() if re.search('device="(v.|renamed)"', name)], "all are gone")

    def test_devices_that_go_within_a_loss(self):
        self.begin(SMALL)
        self.namespace.batch(churn.make_pair("v0", "v1"))
        wait_until(lambda: self.transitions("v0")[2] == 1, "it is up")
        self.daemon.stop()
        self.namespace.batch([f"link set lo mtu {mtu}" for mtu in range(60000, 60300)])
        self.namespace.ip("link", "del", "v0")
        self.daemon.resume()
        wait_until(lambda: not [name for name in self.scrape() if 'device="v' in name], "they are gone")


class FromTheStart(Case):
    def test_fixed_labels_are_there_at_0(self):
        """Every series of the reference whose labels are all listed."""
        self.begin()
        reference = pathlib.Path(__file__).parents[2] / "docs" / "metrics.md"
        told = self.scrape()
        missing = []
        for line in reference.read_text().splitlines():
            row = re.match(r"\| `nlwatch_(\w+)` \| counter \| (.*?) \|", line)
            if not row or "`device`" in row[2] or "`sink`" in row[2]:
                continue
            names = [row[1]]
            for label, values in re.findall(r"`(\w+)`: ([^·|]+)", row[2]):
                names = [f'{name}{"," if "{" in name else "{"}{label}="{value.strip()}"'
                         for name in names for value in values.split(",")]
            missing += [name for name in (name + ("}" if "{" in name else "") for name in names) if name not in told]
        self.assertEqual(missing, [])

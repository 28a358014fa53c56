"""What a real Prometheus makes of the daemon's metrics."""

import re
import subprocess
import unittest

from support.case import DaemonCase
from support.daemon import wait_until
from support.prometheus import Prometheus, get


class Metrics(DaemonCase):
    """Read from the default address, 127.0.0.1:9617."""

    def scrape(self):
        status, body = get(self.namespace, 9617, "/metrics")
        self.assertEqual(status, 200)
        return body.decode()

    def series(self):
        lines = (line for line in self.scrape().splitlines() if not line.startswith("#"))
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    def test_promtool_has_nothing_to_say(self):
        self.start()
        checked = subprocess.run(["promtool", "check", "metrics"], input=self.scrape(), capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))

    def test_one_flap_between_two_scrapes_is_seen(self):
        daemon = self.start()
        client = daemon.settled_client()
        self.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
        self.namespace.ip("link", "set", "v0", "up")
        self.namespace.ip("link", "set", "v1", "up")
        went_down = 'nlwatch_link_transitions_total{device="v0",transition="carrier_down"}'
        came_up = went_down.replace("carrier_down", "carrier_up")
        before = wait_until(
            lambda: (seen := self.series()).get('nlwatch_link_up{device="v0"}') == 1 and seen, "v0 is up"
        )
        self.namespace.ip("link", "set", "v1", "down")
        client.until(lambda fold: not fold.link("v0")["carrier"])  # else the kernel may keep it to itself
        self.namespace.ip("link", "set", "v1", "up")
        after = wait_until(
            lambda: (seen := self.series()).get(came_up) == before[came_up] + 1 and seen, "v0 is up again"
        )
        self.assertEqual(after[went_down], before[went_down] + 1)
        self.assertEqual(after['nlwatch_link_up{device="v0"}'], 1)

        self.namespace.ip("link", "del", "v0")
        wait_until(lambda: not re.search('device="v[01]"', self.scrape()), "neither has series")

    def test_state_and_work_are_told(self):
        self.start().settled_client()
        before = self.series()
        self.namespace.ip("address", "add", "192.0.2.1/24", "dev", "lo")
        address_added = 'nlwatch_events_total{kind="address",op="added",origin="live"}'
        usable = 'nlwatch_address_transitions_total{transition="usable"}'
        after = wait_until(
            lambda: (seen := self.series())[address_added] == before[address_added] + 1 and seen, "it is counted"
        )
        self.assertEqual(after[usable], before[usable] + 1)
        self.assertEqual(after['nlwatch_subscribers{transport="stream"}'], 1)
        for name in (
            "nlwatch_event_dispatch_seconds_count",
            'nlwatch_netlink_messages_received_total{type="new_address"}',
            "nlwatch_netlink_received_bytes_total",
            "nlwatch_backlog_records",
            "nlwatch_last_event_timestamp_seconds",
        ):
            self.assertGreater(after[name], before[name], name)
        for name in (
            'nlwatch_passes_total{result="clean"}',
            "nlwatch_last_audit_timestamp_seconds",
            'nlwatch_state_objects{kind="link"}',
            "nlwatch_config_last_reload_successful",
            "nlwatch_netlink_receive_buffer_bytes",
            "process_cpu_seconds_total",
            "process_resident_memory_bytes",
            "process_open_fds",
            'nlwatch_sink_up{sink="log",type="log"}',
        ):
            self.assertGreater(after[name], 0, name)


class Scraped(DaemonCase):
    def setUp(self):
        super().setUp()
        self.daemon = self.start()
        self.prometheus = Prometheus(self.namespace)
        self.addCleanup(self.prometheus.close)
        self.until("up", lambda found: found == {"": 1}, "nlwatch is scraped")

    def until(self, expression, holds, what):
        wait_until(lambda: holds(self.prometheus.query(expression)), what)

    def test_a_new_links_first_flap_is_an_increase_of_one(self):
        self.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
        self.namespace.ip("link", "set", "v1", "up")
        self.namespace.ip("link", "set", "v0", "up")
        up = 'nlwatch_link_up{device="v0"}'
        went_down = 'nlwatch_link_transitions_total{device="v0",transition="carrier_down"}'
        self.until(up, lambda found: found == {"v0": 1}, "v0 was seen up")
        self.until(went_down, lambda found: found == {"v0": 0}, "its counter was seen at 0")
        client = self.daemon.settled_client()
        self.namespace.ip("link", "set", "v1", "down")
        client.until(lambda fold: not fold.link("v0")["carrier"])
        self.namespace.ip("link", "set", "v1", "up")
        self.until(went_down, lambda found: found == {"v0": 1}, "the flap was scraped")
        # increase() goes on to the window's borders as if the counter rose evenly, so it is not a whole number.
        self.assertEqual(self.prometheus.query(f"round(increase({went_down}[10m]))"), {"v0": 1})
        self.assertEqual(self.prometheus.query(f"changes({went_down}[10m])"), {"v0": 1})

        self.namespace.ip("link", "del", "v0")
        self.until('nlwatch_link_up{device=~"v[01]"}', lambda found: found == {}, "both are gone")

    def test_names_of_any_bytes_are_labels(self):
        names = {b"eth\xff": r"eth\xff", b'a"b': 'a"b', b"a\\b": r"a\x5cb", b"<script>": "<script>", b"\x1b[2J": r"\x1b[2J"}
        for name in names:
            self.namespace.ip("link", "add", "name", name, "type", "bridge")
        wanted = {*names.values(), "lo"}
        self.until("nlwatch_link_up", lambda found: found.keys() == wanted, "each has its series")
        self.assertEqual(self.prometheus.query("up"), {"": 1})

    def test_the_alerts_are_evaluated_without_an_error(self):
        def evaluated():
            rules = [rule for group in self.prometheus.api("rules")["groups"] for rule in group["rules"]]
            return len(rules) == 5 and all(rule["health"] != "unknown" for rule in rules) and rules

        for rule in wait_until(evaluated, "every alert was evaluated"):
            self.assertEqual((rule["health"], rule["state"]), ("ok", "inactive"), rule)


if __name__ == "__main__":
    unittest.main()

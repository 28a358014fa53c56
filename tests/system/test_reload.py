"""Reloads of a running daemon: a bad file changes nothing and is told everywhere, a good one is applied at once."""

import json
import pathlib
import re
import signal
from subprocess import DEVNULL

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import wait_until
from support.web import Follower, ask, scrape

BROKEN = pathlib.Path(__file__).parent / "broken"


class Case(DaemonCase):
    maxDiff = None

    def begin(self, config=""):
        self.daemon = self.start(config)
        self.file = self.daemon.home / "nlwatch.toml"
        self.http = self.daemon.directory / "http.sock"
        self.client = self.daemon.settled_client(filtered="[filter]" in config)

    def post(self):
        status, body = ask(self.daemon.directory / "control.sock", "/v1/reload", "POST")
        return status, json.loads(body)

    def apply(self, config):
        """What the daemon says of it."""
        self.file.write_text(config)
        status, answer = self.post()
        self.assertEqual((status, answer["outcome"]), (200, "applied"), answer)
        return answer

    def hang_up(self, *said):
        """SIGHUP; returns what is new in the log, once all of `said` are lines of it, or within one."""
        known = len(self.daemon.log())
        self.daemon.process.send_signal(signal.SIGHUP)

        def told():
            log = self.daemon.log()[known:]
            return log.endswith("\n") and all(word in log for word in said) and log

        return wait_until(told, f"the log says {said}")

    def reloads(self):
        told = scrape(self.http)
        return (told["nlwatch_config_last_reload_successful"],
                *(told[f'nlwatch_config_reloads_total{{outcome="{word}"}}'] for word in ("applied", "refused")))

    def last_reload(self):
        return json.loads(ask(self.http, "/v1/status")[1])["config"]["last_reload"]

    def follow(self, target="/v1/events", **options):
        follower = Follower(self.hub, self.http, target, **options)
        self.addCleanup(follower.close)
        return follower

    def events(self, ifname):
        """Two records of a link of that name."""
        self.namespace.batch([f"link add {ifname} type bridge", f"link del {ifname}"])


class Refused(Case):
    def expected(self, file):
        """What is to be said of broken/NAME.toml, with the running daemon's own file in its place."""
        _, _, text = file.with_suffix(".txt").read_text(encoding="utf-8").partition("\n")
        return re.sub(rf"^{re.escape(file.name)}(?=:\d)", str(self.file), text, flags=re.MULTILINE).rstrip("\n")

    def test_each_broken_file_is_told_and_changes_nothing(self):
        self.begin()
        readers = [self.client, self.follow(), self.follow(sse=True), self.daemon.settled_client()]
        self.assertEqual(self.reloads(), (1, 0, 0))
        self.assertIsNone(self.last_reload())
        refused = 0
        webhooks = BROKEN / "webhooks.toml"
        without = b"no webhooks" in self.nlwatch("check", str(webhooks)).stderr
        for file in sorted(BROKEN.glob("*.toml")):
            if without and file == webhooks:
                continue  # such a build says more of it, and that first
            with self.subTest(file.stem):
                self.file.write_bytes(file.read_bytes())
                self.assertEqual(self.nlwatch("check", str(self.file)).returncode, 78)
                expected = self.expected(file)
                status, answer = self.post()
                self.assertEqual((status, answer["outcome"], answer["message"]), (422, "refused", expected))
                # The log's worker may be behind: those are not the lines that the next one is known by.
                wait_until(lambda: self.daemon.log().count("the one before it goes on") == refused + 1, "it says so")
                self.hang_up("the one before it goes on", *(f" error {line}\n" for line in expected.splitlines()))
                refused += 2
                self.assertEqual(self.reloads(), (0, 0, refused), "both are counted")
                told = self.last_reload()
                self.assertEqual((told["outcome"], told["message"]), ("refused", expected))
                self.events(f"br{refused}")
        oracle.settle(self.namespace, self.client)
        for reader in readers:
            reader.until(lambda fold: fold.seq == self.client.fold.seq)
            self.assertEqual(reader.fold.counts["link.removed"], refused // 2)
            self.assertNotIn("gap", reader.fold.counts)
            self.assertNotIn("reload", reader.fold.counts)
        self.assertGreaterEqual(refused, 40)

        self.file.write_text("")
        self.assertEqual(self.post()[0], 200)
        self.assertEqual(self.reloads(), (1, 1, refused))
        self.assertEqual(self.last_reload()["outcome"], "applied")
        oracle.assert_agrees(self.namespace, self.client)

    def test_a_file_that_is_gone_and_a_sink_that_cannot_be_opened(self):
        self.begin()
        self.file.unlink()
        status, answer = self.post()
        self.assertEqual(status, 422)
        self.assertIn("there is no such file", answer["message"])
        self.file.write_text(f'[tags]\nsite = "a"\n[[sink]]\nname = "two"\ntype = "log"\nfile = "{self.file}/no"\n')
        status, answer = self.post()
        self.assertEqual(status, 422)
        for word in ("'two'", str(self.file), "Not a directory"):
            self.assertIn(word, answer["message"])
        self.events("br0")
        self.client.until(lambda fold: fold.counts.get("link.removed"))
        self.assertNotIn("tags", self.client.records()[-1], "nothing of it is applied")


class Applied(Case):
    def test_the_filter(self):
        self.begin()
        self.namespace.batch(churn.make_pair("v0", "w0"))
        views = [self.client, self.follow(), self.follow(sse=True)]
        feeds = [self.follow("/v1/events?type=*"), self.follow("/v1/events?snapshot=0")]  # which do not fold
        oracle.settle(self.namespace, self.client)
        hidden = {key: value for key, value in self.client.fold.objects.items() if value["ifname"] == "v0"}
        self.assertEqual(len(hidden), 2)
        for view in views:
            view.fold.filtered = True  # the laws of a whole kernel no longer hold

        self.change_filter('[filter]\ninterface = ["!v*"]\n', views, 1)
        wanted = {key: value for key, value in self.client.fold.objects.items() if key not in hidden}
        self.assert_views(views, wanted)
        self.assertEqual(self.names_of_events(feeds[0]), {"x9"})
        oracle.settle(self.namespace, self.client)
        wanted = self.client.fold.objects | hidden
        self.change_filter("", views, 2)
        self.assert_views(views, wanted)
        for feed in feeds:
            self.assertEqual(self.names_of_events(feed), {"v9", "x9"})
        for feed in feeds:  # the reload's own record is numbered, too
            seqs = [record["seq"] for record in feed.records() if record["type"] not in ("hello", "gap", "bookmark")]
            self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))))
            self.assertEqual([record["type"] for record in feed.records()].count("reload"), 2)
            self.assertNotIn("gap", [record["type"] for record in feed.records()])
        self.assertEqual(self.nlwatch("verify", "--dir", str(self.daemon.directory)).returncode, 0)

    def change_filter(self, config, views, times):
        """Returns when the views have a snapshot behind it, and holds them to how they got it."""
        answer = self.apply(config)
        self.assertEqual((answer["applied"], answer["at_restart"]), (["filter.interface"], []))
        for view in views:
            view.until(lambda fold: fold.counts["snapshot.end"] == times + 1)
            types = [record["type"] for record in view.records()]
            self.assertEqual((types.count("gap"), types.count("reload")), (times, 0))
            gap = view.records()[len(types) - 1 - types[::-1].index("gap")]
            self.assertEqual((gap["reason"], gap["to"] - gap["from"]), ("reload", 0), "all that is missing is the reload")

    def assert_views(self, views, wanted):
        for view in views:
            self.assertEqual(view.fold.objects, wanted)

    def names_of_events(self, feed):
        """Of those that this call provokes."""
        known = len(feed.lines)
        self.events("v9")
        self.events("x9")

        def told():
            new = feed.records()[known:]
            return any(record["type"] == "link.removed" and record["object"]["ifname"] == "x9" for record in new) and new

        return {record["object"]["ifname"] for record in wait_until(told, "x9 is gone") if "object" in record}

    def test_tags(self):
        self.begin('[tags]\nsite = "old"\n')
        self.events("br0")
        self.client.until_record(lambda record: record.get("tags") == {"site": "old"} and "object" in record)
        answer = self.apply('[tags]\nsite = "fra1"\nrack = "12"\n')
        self.assertTrue(any("tags" in key for key in answer["applied"]), answer)
        before = len(self.client.lines)
        self.events("br1")
        record = self.client.until_record(lambda record: record["type"] == "link.removed", before)
        self.assertEqual(record["tags"], {"site": "fra1", "rack": "12"})
        self.assertNotIn("gap", self.client.fold.counts)

    def test_the_selection_of_metrics(self):
        self.begin()
        self.namespace.batch(churn.make_pair("v0", "w0"))
        up = 'nlwatch_link_up{device="%s"}'
        wait_until(lambda: scrape(self.http).get(up % "v0") == scrape(self.http).get(up % "w0") == 1, "both are up")
        self.assertEqual(self.apply('[metrics]\ninterface = ["!v*"]\n')["applied"], ["metrics.interface"])
        told = scrape(self.http)
        self.assertNotIn(up % "v0", told)
        self.assertEqual(told[up % "w0"], 1)
        went_down = 'nlwatch_link_transitions_total{device="w0",transition="state_down"}'
        self.namespace.ip("link", "set", "v0", "down")
        before = told[went_down]
        wait_until(lambda: scrape(self.http)[went_down] == before + 1, "it goes on counting")
        self.apply("")
        told = scrape(self.http)
        self.assertEqual((told[up % "v0"], told[went_down]), (0, before + 1))

    def test_log_sinks_come_go_and_go_on_where_they_were(self):
        self.begin()
        paths = [self.daemon.home / name for name in ("one", "two")]

        def sink(path, **more):
            keys = {"name": "file", "type": "log", "file": str(path), "format": "json"} | more
            return "[[sink]]\nfilter = { }\n" + "".join(f'{key} = "{value}"\n' for key, value in keys.items())

        def seqs(path):
            return [json.loads(line)["seq"] for line in path.read_text().splitlines()]

        self.apply(sink(paths[0]))
        churning = churn.Storm(seed=11)
        self.namespace.batch(churning.cast())
        oracle.settle(self.namespace, self.client)
        wait_until(lambda: self.client.fold.seq in seqs(paths[0]), "the new sink writes")
        for turn in range(1, 9):
            process = self.namespace.popen("ip", "-force", "-batch", str(self.batch(churning.changes(200))),
                                           stdout=DEVNULL, stderr=DEVNULL)
            before = self.client.fold.seq
            self.client.until(lambda fold: fold.seq > before)
            self.apply(sink(paths[turn % 2]))
            process.wait()
        oracle.settle(self.namespace, self.client)
        wait_until(lambda: self.client.fold.seq in seqs(paths[0]), "it has written all")
        written = sorted(seqs(paths[0]) + seqs(paths[1]))
        self.assertEqual(written, list(range(written[0], written[0] + len(written))), "none is missing, none twice")
        self.assertGreater(min(len(seqs(path)) for path in paths), 10)
        up = 'nlwatch_sink_up{sink="file",type="log"}'
        self.assertEqual(scrape(self.http)[up], 1)

        self.apply("")
        self.assertNotIn(up, scrape(self.http))
        sizes = [path.stat().st_size for path in paths]
        self.events("br0")
        oracle.settle(self.namespace, self.client)
        self.daemon.terminate()
        self.assertEqual([path.stat().st_size for path in paths], sizes, "it writes no more")

    def batch(self, lines):
        path = self.daemon.home / "batch"
        path.write_text("\n".join([*lines, ""]))
        return path

    def test_what_waits_for_a_restart_is_said(self):
        self.begin()
        config = ('[netlink]\naudit_interval = "5 min"\n[backlog]\nbytes = "2 MiB"\n[stream]\nmax_clients = 3\n'
                  '[http]\nmax_connections = 9\n[tags]\nsite = "x"\n')
        answer = self.apply(config)
        self.assertEqual(sorted(answer["at_restart"]), ["backlog.bytes", "http.max_connections",
                                                        "netlink.audit_interval", "stream.max_clients"])
        self.assertEqual(self.last_reload()["at_restart"], answer["at_restart"])
        log = self.hang_up("applied at the next restart")
        for key in answer["at_restart"]:
            self.assertIn(key, log)
        clients = [self.daemon.settled_client() for _ in range(5)]
        self.assertEqual(len(clients), 5, "the old limit holds")

    def test_many_at_once(self):
        """As fast as they can be asked for, during churn: all are answered, and readers miss nothing."""
        self.begin()
        storm = churn.Storm(seed=3)
        self.namespace.batch(storm.cast())
        process = self.namespace.popen("ip", "-force", "-batch", str(self.batch(storm.changes(600))),
                                       stdout=DEVNULL, stderr=DEVNULL)
        for turn in range(30):
            self.apply(f'[tags]\nturn = "{turn}"\n')
            self.daemon.process.send_signal(signal.SIGHUP)
        process.wait()
        oracle.assert_agrees(self.namespace, self.client)
        self.assertNotIn("gap", self.client.fold.counts)
        self.assertEqual(self.client.records()[-1]["tags"], {"turn": "29"})

"""The log: rotated, as JSON, with nobody who reads it, on a disk that is full; the stream's readers notice nothing."""

import json
import os
import pathlib
import re
import signal
import tempfile
import threading

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import wait_until
from support.stalled import StalledCase
from support.web import ask, scrape

TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d (debug|info|warning|error) \S.*")
MISSING = re.compile(rb"(\d+) lines of this log are missing here")


class File(DaemonCase):
    def setUp(self):
        super().setUp()
        self.storm = churn.Storm(seed=21)
        self.namespace.batch(self.storm.cast())

    def churn(self, count):
        self.namespace.batch(self.storm.changes(count), force=True)

    def begin(self, **keys):
        folder = self.another_folder()
        self.path = f"{folder}/nlwatch.log"
        keys = {"name": "log", "type": "log", "file": self.path} | keys
        text = "[[sink]]\nfilter = { }\n" + "".join(f'{key} = "{value}"\n' for key, value in keys.items())
        self.daemon = self.start(text)
        self.client = self.daemon.settled_client()

    def another_folder(self):
        folder = tempfile.TemporaryDirectory(prefix="nlwatch-test-")
        self.addCleanup(folder.cleanup)
        return folder.name

    def lines(self, path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertIn(text[-1:], ("", "\n"))
        return text.splitlines()

    def test_rotated_during_churn_nothing_is_lost_or_torn(self):
        self.begin(format="json")
        for turn in range(5):
            churning = threading.Thread(target=self.churn, args=(300,))
            churning.start()
            before = self.client.fold.seq
            self.client.until(lambda fold: fold.seq > before)
            os.rename(self.path, f"{self.path}.{turn}")
            if turn % 2:  # as ExecReload= does
                self.assertEqual(self.nlwatch("reload", "--dir", str(self.daemon.directory)).returncode, 0)
            else:
                self.daemon.process.send_signal(signal.SIGHUP)
            wait_until(lambda: os.path.exists(self.path), "it is opened anew")
            churning.join()
        oracle.settle(self.namespace, self.client)
        wait_until(lambda: any(json.loads(line)["seq"] == self.client.fold.seq for line in self.lines(self.path)),
                   "the last line is in the new file")
        files = [*(f"{self.path}.{turn}" for turn in range(5)), self.path]
        records = [json.loads(line) for path in files for line in self.lines(path)]
        seqs = [record["seq"] for record in records]
        self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))))
        stream = [record for record in self.client.records() if record["seq"] in set(seqs) and record.get("time")]
        self.assertEqual(records[-len(stream) + 1:], stream[1:], "the very records of the stream")
        self.assertGreater(len(self.lines(self.path)), 0)

    def test_rotated_to_where_it_cannot_be_opened(self):
        self.begin()
        folder = os.path.dirname(self.path)
        os.rename(folder, folder + ".old")
        self.addCleanup(os.rename, folder + ".old", folder)
        self.daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "cannot open" in self.daemon.log(), "it says so")
        self.namespace.ip("link", "set", "lo", "alias", "still-here")
        wait_until(lambda: "still-here" in "".join(self.lines(f"{folder}.old/nlwatch.log")), "the old file goes on")

    def test_text(self):
        self.begin()
        self.churn(200)
        oracle.settle(self.namespace, self.client)
        wait_until(lambda: self.lines(self.path), "it writes")
        wait_until(lambda: "settled" in self.lines(self.path)[-1], "it has written all")
        for line in self.lines(self.path):
            self.assertRegex(line, TEXT)
        self.assertEqual(os.stat(self.path).st_mode & 0o777, 0o640)

    def test_a_full_disk(self):
        """A small tmpfs that only this daemon sees. When there is room again, whole lines follow."""
        folder = self.another_folder()
        path = f"{folder}/nlwatch.log"
        config = f'[[sink]]\nname = "log"\ntype = "log"\nfilter = {{ }}\nformat = "json"\nfile = "{path}"\n'
        self.daemon = self.start_in_small_disk(folder, config)
        client = self.daemon.settled_client()
        http = self.daemon.directory / "http.sock"
        rejected = 'nlwatch_sink_dropped_events_total{sink="log",type="log",reason="rejected"}'
        up = 'nlwatch_sink_up{sink="log",type="log"}'
        self.assertEqual((scrape(http)[rejected], scrape(http)[up]), (0, 1))

        def full():
            self.churn(100)
            return scrape(http)[rejected] > 0

        wait_until(full, "the disk is full", timeout=60)
        wait_until(lambda: "sink 'log': cannot write: No space left on device" in self.daemon.log(), "it says so")
        oracle.assert_agrees(self.namespace, client)
        self.assertEqual(scrape(http)[up], 0)
        self.assertNotIn("gap", client.fold.counts)
        self.assertLessEqual(self.daemon.log().count("cannot write"), 1, "at most one line in a minute")

        inside = pathlib.Path(f"/proc/{self.daemon.pid}/root{path}")
        os.truncate(inside, 0)
        self.namespace.ip("link", "set", "lo", "alias", "room-again")
        wait_until(lambda: b"room-again" in inside.read_bytes(), "it writes again")
        wait_until(lambda: scrape(http)[up] == 1, "and is up again")
        whole = [line for line in inside.read_bytes().split(b"\n") if line]
        self.assertEqual(json.loads(whole[-1])["object"]["ifalias"], "room-again")
        oracle.assert_agrees(self.namespace, client)
        self.assertEqual(self.daemon.terminate(), 0)

    def start_in_small_disk(self, folder, config):
        script = f'mount -t tmpfs -o size=128k tmpfs {folder} && exec "$@"'
        popen = self.namespace.popen
        self.namespace.popen = lambda *argv, **options: popen("unshare", "-m", "sh", "-c", script, "sh", *argv, **options)
        try:
            return self.start(config)
        finally:
            del self.namespace.popen


class Stalled(StalledCase):
    def test_readers_notice_nothing_and_the_log_tells_of_a_gap(self):
        self.begin('[backlog]\nbytes = "1 MiB"\n[[sink]]\nname = "log"\ntype = "log"\nfilter = { }\n')
        self.storm.outrun(1 << 20, self.namespace, self.client)
        oracle.assert_agrees(self.namespace, self.client)
        self.assertNotIn("gap", self.client.fold.counts)
        self.assertTrue(self.pipe.full())
        told = scrape(self.http)
        self.assertGreater(told['nlwatch_sink_lag_events{sink="log",type="log"}'], 0)
        self.assertGreater(told['nlwatch_sink_oldest_event_age_seconds{sink="log",type="log"}'], 0)

        self.pipe.drain()
        wait_until(lambda: scrape(self.http)['nlwatch_sink_lag_events{sink="log",type="log"}'] == 0, "it has caught up")
        dropped = scrape(self.http)['nlwatch_sink_dropped_events_total{sink="log",type="log",reason="gap"}']
        self.assertGreater(dropped, 0)
        wait_until(lambda: self.pipe.read.count(b"\n") and b"are missing" in self.pipe.read, "the log tells of the gap")
        self.namespace.ip("link", "set", "lo", "alias", "heard-again")
        wait_until(lambda: b"heard-again" in self.pipe.read, "it goes on")
        for line in self.pipe.read.decode().splitlines():
            self.assertRegex(line, TEXT)

    def test_its_own_lines_are_counted(self):
        self.begin('[log]\nlevel = "debug"\n')
        control = self.daemon.directory / "control.sock"
        (self.daemon.home / "nlwatch.toml").write_text("".join(f"unknown_{i} = 1\n" for i in range(400)))
        lines = 0
        for _ in range(30):
            status, body = ask(control, "/v1/reload", "POST")
            self.assertEqual(status, 422)
            lines += 1 + len(json.loads(body)["message"].splitlines())
        oracle.assert_agrees(self.namespace, self.client)
        self.pipe.drain()
        (self.daemon.home / "nlwatch.toml").write_text("")

        loaded = 0  # each time a line, the first of which may be among the missing

        def told():
            nonlocal loaded
            self.assertEqual(ask(control, "/v1/reload", "POST")[0], 200)
            loaded += 1
            return MISSING.search(self.pipe.read)

        missing = int(wait_until(told, "the number of missing lines is told")[1])
        self.assertGreater(missing, 1000)
        written = [line for line in self.pipe.read.split(b"\n") if re.match(rb"\S+ error ", line)]
        self.assertGreaterEqual(missing + len(written), lines)
        self.assertLessEqual(missing + len(written), lines + loaded)

    def test_it_ends_promptly(self):
        self.begin()
        self.fill()
        self.assertEqual(self.daemon.terminate(timeout=8), 0)  # a request in flight alone may take longer
        self.assertEqual(os.listdir(self.daemon.directory), [])
        self.client.until_end()
        self.assertEqual(self.client.torn, b"")

    def test_a_second_signal(self):
        self.begin()
        self.fill()
        self.daemon.process.send_signal(signal.SIGTERM)
        self.daemon.process.send_signal(signal.SIGINT)
        self.assertIn(self.daemon.wait(8), (0, 130, -signal.SIGTERM, -signal.SIGINT))

    def test_sighup_with_it(self):
        self.begin("")
        self.fill()
        applied = 'nlwatch_config_reloads_total{outcome="applied"}'
        for turn in range(1, 4):
            self.daemon.process.send_signal(signal.SIGHUP)
            wait_until(lambda: scrape(self.http)[applied] == turn, "it is applied")
        self.daemon.home.joinpath("nlwatch.toml").write_text('[[sink]]\nname = "log"\ntype = "log"\nformat = "json"\n')
        self.daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: scrape(self.http)[applied] == 4, "the stalled sink is replaced")
        oracle.assert_agrees(self.namespace, self.client)
        self.pipe.drain()
        self.namespace.batch(["link set c0-0 down", "link set c0-0 up"])
        wait_until(lambda: b'"state_down"' in self.pipe.read, "the new one writes")
        self.assertEqual(self.daemon.terminate(), 0)

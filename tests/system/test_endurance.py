"""Overruns without end, readers that come and go, one that takes a byte a second, reloads: bounded, and never starved.

So many seconds as NLWATCH_ENDURE says (`./dev soak` says more), each of which overruns the buffer."""

import os
import random
import signal
import threading
import time

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import SANITIZED, wait_until
from support.reader import read_level
from support.web import Follower, scrape

SECONDS = int(os.environ.get("NLWATCH_ENDURE", 12))
MIB = 1 << 20
CONFIG = """
[netlink]
receive_buffer = "16 KiB"
receive_buffer_max = "16 KiB"
[backlog]
bytes = "1 MiB"
"""


class Passers(threading.Thread):
    """Readers that come, on one door or another, stay for a moment or for a while, and leave without a word."""

    def __init__(self, daemon, hub):
        super().__init__(daemon=True)
        self._daemon, self._hub, self._dice = daemon, hub, random.Random(7)
        self._over = threading.Event()
        self.count = 0
        self.failed = None

    def run(self):
        try:
            while not self._over.wait(self._dice.choice((0.01, 0.05, 0.2))):
                client = self._come()
                client.wait(self._dice.choice((0, 0.02, 0.2)))
                client.advance()  # what it has read is lawful
                client.close()
                self.count += 1
        except Exception as error:  # told by end()
            self.failed = error

    def end(self):
        self._over.set()
        self.join()
        if self.failed:
            raise self.failed

    def _come(self):
        if self._dice.random() < 0.5:
            return self._daemon.client()
        return Follower(self._hub, self._daemon.directory / "http.sock", sse=self._dice.random() < 0.5)


class Endurance(DaemonCase):
    config = CONFIG

    def setUp(self):
        super().setUp()
        self.storm = churn.Storm(seed=9)
        self.namespace.batch(self.storm.cast())
        self.daemon = self.start()
        self.client = self.daemon.settled_client()
        self.http = self.daemon.directory / "http.sock"

    def overrun(self):
        self.daemon.stop()
        self.namespace.batch(self.storm.changes(300), force=True)
        self.daemon.resume()

    def test_an_overrun_every_second(self):
        dripping = self.daemon.client(reading=False)
        self.overrun()
        oracle.assert_agrees(self.namespace, self.client)  # what was allocated for a first time is there now
        before, log_before = scrape(self.http), len(self.daemon.log().splitlines())
        files, memory, cpu, begun = self.daemon.open_files(), self.daemon.rss(), self.daemon.cpu(), time.monotonic()
        passers = Passers(self.daemon, self.hub)
        passers.start()
        for second in range(SECONDS):
            self.overrun()
            self.assertTrue(dripping.receive(most=1))
            if second % 3 == 1:
                self.daemon.process.send_signal(signal.SIGHUP)
            time.sleep(max(0.0, begun + second + 1 - time.monotonic()))
        passers.end()
        self.assertGreater(passers.count, SECONDS)
        took = time.monotonic() - begun
        last = scrape(self.http)
        oracle.assert_agrees(self.namespace, self.client)
        after = scrape(self.http)

        def told(series, name):
            return sum(value for key, value in series.items() if key.partition("{")[0] == name)

        resyncs = told(after, "nlwatch_resyncs_total") - told(before, "nlwatch_resyncs_total")
        # Losses during a resync are that one's, too; on a busy machine few resyncs then take all of the time.
        self.assertGreater(resyncs, SECONDS // 6, "never starved")
        self.assertLessEqual(resyncs, took + 2, "throttled: one in a second at most")
        self.assertLessEqual(told(after, "nlwatch_resyncs_total") - told(last, "nlwatch_resyncs_total"), 2,
                             "in step within an interval of the last loss")
        own = [line for line in self.daemon.log().splitlines()[log_before:]
               if " warning " in line or "in step with the kernel" in line]
        self.assertLess(len(own), 3 * took + 60, "the log's own lines are bounded by time, not by losses")
        wait_until(lambda: len(self.daemon.open_files()) <= len(files) + 1, "descriptors are as many as before")
        if not SANITIZED:
            self.assertLess(self.daemon.rss() - memory, 16 * MIB, "no more than the backlog and what readers wait for")
        print(f"{SECONDS} overruns in {took:.0f} s, {resyncs:.0f} resyncs, {passers.count} passing readers: "
              f"{(self.daemon.cpu() - cpu) / took:.1f} % of a CPU, {(self.daemon.rss() - memory) / MIB:+.1f} MiB, "
              f"{len(own)} lines of its own in the log")
        late = self.daemon.settled_client()
        read_level(late, self.client)
        self.assertEqual(oracle.differences(late.fold.objects, self.client.fold.objects), [])
        dripping.resume()
        read_level(dripping, self.client)
        self.assertEqual(oracle.differences(dripping.fold.objects, self.client.fold.objects), [])
        self.assertEqual(self.daemon.terminate(), 0)

"""List, then follow: /v1/state, and then /v1/events from its position on, as a controller does."""

import json
import subprocess

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import wait_until
from support.web import Follower, ask

ROUNDS = 50


class Listing(DaemonCase):
    def setUp(self):
        super().setUp()
        self.storm = churn.Storm(seed=4)
        self.namespace.batch(self.storm.cast())
        self.daemon = self.start()
        self.http = self.daemon.directory / "http.sock"
        self.reader = self.daemon.settled_client()

    def churn_on(self, count):
        """The churn, under way when this returns."""
        churning = self.namespace.popen("ip", "-force", "-batch", "-", stdin=subprocess.PIPE,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        churning.stdin.write("\n".join([*self.storm.changes(count), ""]).encode())
        churning.stdin.close()
        before = self.reader.fold.seq
        self.reader.until(lambda fold: fold.seq > before + 2)
        return churning

    def list_and_follow(self, **options):
        status, body = ask(self.http, "/v1/state")
        self.assertEqual(status, 200)
        state = json.loads(body)
        self.assertEqual((state["schema"], state["netns"]), (1, self.reader.fold.netns))
        follower = Follower(self.hub, self.http, f"/v1/events?since={state['run']}:{state['seq']}", **options)
        self.addCleanup(follower.close)
        fold = follower.fold
        fold.objects, fold.run, fold.seq, fold.settled = state["objects"], state["run"], state["seq"], state["settled"]
        return follower

    def test_fifty_times_in_a_row(self):
        midway = 0
        for turn in range(ROUNDS):
            churning = self.churn_on(60)
            follower = self.list_and_follow(sse=bool(turn % 2))
            listed = follower.fold.seq
            self.assertEqual(churning.wait(20) & ~1, 0)  # 1: some changes failed, as is meant
            oracle.assert_agrees(self.namespace, follower)
            self.assertNotIn("snapshot.begin", follower.fold.counts)
            self.assertNotIn("gap", follower.fold.counts)
            midway += follower.fold.seq > listed + 2
            follower.close()
            self.reader.until(lambda fold: fold.seq >= follower.fold.seq)
        self.assertGreater(midway, ROUNDS // 2, "most were listed while changes went on")
        oracle.assert_agrees(self.namespace, self.reader)

    def test_the_objects_are_those_of_a_view(self):
        """Byte for byte, as of the same seq."""
        oracle.assert_agrees(self.namespace, self.reader)
        _, body = ask(self.http, "/v1/state")
        self.assertEqual(json.loads(body)["seq"], self.reader.fold.seq)
        fresh = self.daemon.settled_client()
        self.assertGreater(len(fresh.fold.objects), 10)
        for line in fresh.lines:
            if b'"key"' in line:
                whole = line[line.index(b'"object":') + len(b'"object":'):-1]
                self.assertIn(whole, body)

    def test_a_reader_of_sse_that_comes_back_misses_nothing(self):
        """Cut at any byte, again and again, with Last-Event-ID: what it has read is one stream without a hole."""
        reader = Follower(self.hub, self.http, sse=True)
        reader.until(lambda fold: fold.settled)
        for _ in range(10):
            churning = self.churn_on(100)
            reader.close()
            wait_until(lambda: reader.ended, "the hub has seen the end")
            reader.advance()
            again = Follower(self.hub, self.http, sse=True, last_id=reader.id)
            self.assertEqual(reader.id, f"{reader.fold.run}:{reader.fold.seq}", "what was read last is a position")
            again.fold = reader.fold  # whose laws allow for no hole and no repetition
            churning.wait(20)
            reader = again
            oracle.settle(self.namespace, reader)
        oracle.assert_agrees(self.namespace, reader)
        self.assertEqual(reader.fold.counts["snapshot.begin"], 1)
        self.assertNotIn("gap", reader.fold.counts)
        reader.close()

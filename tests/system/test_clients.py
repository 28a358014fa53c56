"""Many readers, slow ones, one that never reads: each gets all of it or is told of a gap; none waits for another."""

import threading

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import SANITIZED, scaled, wait_until
from support.reader import parse, read_level

CLIENTS = 50
MIB = 1024 * 1024


class Clients(DaemonCase):
    def setUp(self):
        super().setUp()
        self.storm = churn.Storm(seed=50)
        self.namespace.batch(self.storm.cast())

    def churn(self, count):
        self.namespace.batch(self.storm.changes(count), force=True)

    def assert_same(self, clients, reference):
        """As of any one seq all have folded to the same."""
        for client in clients:
            read_level(client, reference)
            self.assertEqual(oracle.differences(client.fold.objects, reference.fold.objects), [])

    def wait_for_last_line(self, clients, reference):
        wait_until(lambda: all(client.lines[-1] == reference.lines[-1] for client in clients), "all have read as far")

    def assert_same_lines(self, clients, reference):
        """From where each joined, all have read the very lines that the reference has, whose fold shows no hole. Up to
        its last one now: the kernel may say more meanwhile."""
        held = list(reference.lines)
        for client in clients:
            wait_until(lambda: held[-1] in client.lines, "it has read as far")
            lines = client.lines[:client.lines.index(held[-1]) + 1]
            end = next(at for at, line in enumerate(lines) if parse(line)["type"] == "snapshot.end")
            live = lines[end + 1:]
            self.assertGreater(len(live), 0)
            self.assertEqual(parse(live[0])["seq"], parse(lines[end])["seq"] + 1)
            self.assertTrue(live == held[-len(live):], "the same lines")

    def gaps(self, client):
        return [record for record in client.records() if record["type"] == "gap"]

    def test_fifty_readers_a_stuck_one_and_a_slow_one(self):
        daemon = self.start('[backlog]\nbytes = "1 MiB"')
        stuck = daemon.client(reading=False)
        slow = daemon.client(reading=False)
        readers = [daemon.settled_client() for _ in range(CLIENTS)]
        # Each round is less than the ring holds, so that a reader who reads is not overtaken; all are more.
        for _ in range(scaled(30)):
            self.churn(200)
            oracle.settle(self.namespace, readers[0])
            self.assertTrue(slow.receive(most=1))  # a byte a round
            self.wait_for_last_line(readers, readers[0])
        oracle.assert_agrees(self.namespace, readers[0])
        self.assert_same_lines(readers[1:], readers[0])
        self.assertEqual(self.gaps(readers[0]), [])

        for late in (stuck, slow):
            late.resume()
            self.assert_same([late], readers[0])
            self.assertEqual({gap["reason"] for gap in self.gaps(late)}, {"slow_reader"})
            oracle.assert_agrees(self.namespace, late)

    def test_fifty_that_join_during_churn(self):
        daemon = self.start()
        first = daemon.settled_client()
        calm = threading.Event()

        def churn_on():
            while not calm.is_set():
                self.churn(300)

        churning = threading.Thread(target=churn_on)
        churning.start()
        try:
            joined = []
            for _ in range(CLIENTS):
                client = daemon.settled_client()
                client.until(lambda fold: fold.seq > client.records()[0]["seq"])
                joined.append(client)
        finally:
            calm.set()
            churning.join()
        oracle.assert_agrees(self.namespace, first)
        self.assert_same(joined, first)
        seqs = {client.records()[0]["seq"] for client in joined}
        self.assertGreater(len(seqs), 1, "at other moments, if some may have shared a snapshot")

    def test_clients_that_come_and_go(self):
        daemon = self.start()
        first = daemon.settled_client()
        files = len(daemon.open_files())
        for _ in range(scaled(100)):
            client = daemon.client()
            client.wait(0.01)
            client.close()
        wait_until(lambda: len(daemon.open_files()) <= files, "the daemon has closed what they left")
        self.churn(500)
        oracle.assert_agrees(self.namespace, first)

    def test_one_client_too_many(self):
        daemon = self.start('[stream]\nmax_clients = 2')
        kept = [daemon.settled_client() for _ in range(2)]
        refused = daemon.client()
        wait_until(lambda: refused.ended, "it is sent away")
        [error] = refused.records()
        self.assertEqual((error["schema"], error["type"]), (1, "error"))
        self.assertIn("2", error["message"])
        oracle.assert_agrees(self.namespace, kept[0])
        kept[1].close()

        def served():
            client = daemon.client()
            client.wait(5)
            return client.lines and client.records()[0]["type"] == "hello"

        wait_until(served, "the next is served, now that one has gone")

    def test_a_thousand_links_in_little_memory(self):
        links = scaled(1000) // 2 * 2
        daemon = self.start('[backlog]\nbytes = "1 MiB"')
        stuck = daemon.client(reading=False)
        readers = [daemon.settled_client() for _ in range(CLIENTS)]
        slow = daemon.client(reading=False)
        most = 0
        for begin in range(0, links // 2, 100):
            self.namespace.batch(line for i in range(begin, min(begin + 100, links // 2))
                                 for line in (f"link add p{i} type veth peer name q{i}", f"link set p{i} up",
                                              f"addr add 10.{i // 250}.{i % 250}.1/24 dev p{i}"))
            slow.receive(most=1)
            most = max(most, daemon.rss())
            # Less than the ring holds, so that a reader who reads is not overtaken.
            oracle.settle(self.namespace, readers[0])
            self.wait_for_last_line(readers, readers[0])
        oracle.assert_agrees(self.namespace, readers[0])
        joining = [daemon.settled_client() for _ in range(CLIENTS)]
        most = max(most, daemon.rss())
        self.assertGreater(len(readers[0].fold.links()), links)
        self.assert_same(joining, readers[0])
        self.assert_same_lines(readers[1:], readers[0])
        if not SANITIZED:
            self.assertLess(most, 64 * MIB)
        for late in (stuck, slow):
            late.resume()
        self.assert_same([stuck, slow], readers[0])

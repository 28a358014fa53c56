"""Losses: the kernel drops messages, nlwatch finds out what it missed, and says so."""

from subprocess import DEVNULL, PIPE

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import scaled
from support.reader import read_level

SMALLEST = 2304  # bytes: the kernel's least receive buffer, which always holds one message


class Overrun(DaemonCase):
    def setUp(self):
        super().setUp()
        self.storm = churn.Storm(seed=len(self.id()))
        self.namespace.batch(self.storm.cast())

    def suffer(self, config):
        """Three losses of 5,000 changes each under SIGSTOP; returns the daemon, and a client that has seen it all."""
        daemon = self.start(config)
        client = daemon.settled_client()
        for _ in range(3):
            self.namespace.ip("link", "add", "doomed", "type", "veth", "peer", "name", "doomed-too")
            oracle.settle(self.namespace, client)  # so small a buffer is overrun by that alone, now and then
            self.assertTrue(client.fold.link("doomed-too"))
            before = len(client.lines)
            daemon.stop()
            asked = self.storm.changes(scaled(7000))
            done = self.namespace.batch(asked, force=True)
            failed = done.stderr.count(b"Command failed")
            self.assertGreaterEqual(len(asked) - failed, scaled(5000), "so many changes that the kernel made")
            self.namespace.ip("link", "del", "doomed")
            daemon.resume()
            begin = client.until_record(lambda record: record["type"] == "resync.begin", before)
            self.assertEqual(begin["cause"], "overrun")
            self.assertGreater(begin["lost"], 0)
            end = client.until_record(lambda record: record["type"] == "resync.end"
                                      and record["resync"] >= begin["resync"], before)
            self.assertGreaterEqual(end["passes"], 1)
            self.assertGreaterEqual(end["lost"], begin["lost"])
            oracle.assert_agrees(self.namespace, client)
            self.assertIsNone(client.fold.link("doomed"))
            self.assertTrue(daemon.alive())
        late = daemon.settled_client()
        oracle.assert_agrees(self.namespace, late)
        read_level(late, client)
        self.assertEqual(oracle.differences(late.fold.objects, client.fold.objects), [])
        return daemon, client

    def buffers(self, client):
        return [record["receive_buffer"] for record in client.records() if record["type"] == "resync.begin"]

    def test_a_buffer_that_may_not_grow(self):
        _, client = self.suffer(f'[netlink]\nreceive_buffer = {SMALLEST}\nreceive_buffer_max = {SMALLEST}\n'
                                'resync_min_interval = "50 ms"')
        self.assertEqual(set(self.buffers(client)), {SMALLEST})

    def test_a_buffer_that_grows(self):
        _, client = self.suffer(f"[netlink]\nreceive_buffer = {SMALLEST}")
        buffers = self.buffers(client)
        self.assertEqual(buffers, sorted(buffers))
        self.assertGreater(buffers[-1], SMALLEST)

    def test_churn_without_end_and_a_reader_that_stalls(self):
        daemon = self.start('[netlink]\nreceive_buffer = "16 KiB"\nreceive_buffer_max = "16 KiB"\n'
                            'resync_min_interval = "20 ms"')
        client = daemon.settled_client()
        for _ in range(scaled(12)):
            churning = self.namespace.popen("ip", "-force", "-batch", "-", stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL)
            churning.stdin.write("\n".join([*self.storm.changes(500), ""]).encode())
            churning.stdin.close()
            daemon.stop()
            churning.wait()
            daemon.resume()
        oracle.assert_agrees(self.namespace, client)
        self.assertGreater(client.fold.counts.get("resync.end", 0), 0)

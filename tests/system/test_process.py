"""The daemon as a good process: it sleeps when nothing happens, and ends cleanly when told."""

import os
import signal
import time
import unittest
from subprocess import DEVNULL, PIPE

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import SANITIZED, scaled


@unittest.skipIf(SANITIZED, "the sanitizers' own threads do not sleep")
class Idle(DaemonCase):
    SECONDS = 15  # the one test that has to let time pass: it looks at what happens when nothing does

    def test_it_sleeps(self):
        self.namespace.batch(["link add v0 type veth peer name v1", "link set v0 up", "link set v1 up",
                              "addr add 192.0.2.1/24 dev v0"])
        daemon = self.start()
        clients = [daemon.settled_client() for _ in range(3)]
        oracle.assert_agrees(self.namespace, clients[0])
        ticks, wakeups = daemon.cpu(), daemon.wakeups()
        time.sleep(self.SECONDS)
        self.assertLessEqual(daemon.cpu() - ticks, 2)
        self.assertLessEqual(daemon.wakeups() - wakeups, 10)


class Shutdown(DaemonCase):
    def test_a_signal_ends_it_and_its_sockets(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            daemon = self.start()
            clients = [daemon.settled_client() for _ in range(3)]
            stuck = daemon.client(reading=False)
            self.namespace.batch(["link add v0 type veth peer name v1", "link del v0"])
            self.assertEqual(daemon.terminate(number), 0, daemon.log())
            self.assertEqual(os.listdir(daemon.directory), [])
            for client in clients:
                client.until_end()
                self.assertEqual(client.torn, b"", "the last line is whole")
                self.assertIsNone(client.fold.link("v0"))
            stuck.resume()
            stuck.until_end()

    def test_in_the_middle_of_everything(self):
        storm = churn.Storm(seed=4)
        self.namespace.batch(storm.cast())
        for _ in range(scaled(6)):
            daemon = self.start('[netlink]\nreceive_buffer = "16 KiB"\nreceive_buffer_max = "16 KiB"\n'
                                'resync_min_interval = "20 ms"')
            clients = [daemon.client() for _ in range(10)]
            clients[0].until(lambda fold: fold.settled)
            churning = self.namespace.popen("ip", "-force", "-batch", "-", stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL)
            churning.stdin.write("\n".join([*storm.changes(1000), ""]).encode())
            churning.stdin.close()
            clients[0].until(lambda fold: fold.counts.get("link.changed", 0) > 10)
            self.assertEqual(daemon.terminate(), 0, daemon.log())
            churning.wait()

    def test_a_second_signal_ends_it_at_once(self):
        daemon = self.start()
        daemon.settled_client()
        daemon.process.send_signal(signal.SIGTERM)
        daemon.process.send_signal(signal.SIGTERM)
        # 0: the two came as one, or it had ended; -SIGTERM: it had done all but exit. (One that has to wait: see
        # test_webhook_shutdown.)
        self.assertIn(daemon.wait(), (0, 130, -signal.SIGTERM))

"""Bad configurations, taken sockets, no descriptors, forged messages, chatty clients: a clear error, or no harm."""

import os
import pathlib
import resource
import shutil
import socket
import stat
import struct
import tempfile

from support import oracle, rtnetlink
from support.case import DaemonCase
from support.rtnetlink import IFLA_IFNAME, IFLA_MTU, NETLINK_ROUTE, RTM_DELLINK, RTM_NEWLINK, attribute, ifinfomsg


class Refusals(DaemonCase):
    """What keeps the daemon from starting."""

    def refused(self, code, *words, **options):
        """Starts a daemon that must end with that code and these words; returns what it said."""
        daemon = self.start(wait=False, **options)
        self.assertEqual(daemon.wait(), code, daemon.log())
        for word in words:
            self.assertIn(word, daemon.log())
        return daemon.log()

    def test_an_unknown_key(self):
        said = self.refused(78, "nlwatch.toml:2:1: error:", "receive_bufer", "did you mean 'receive_buffer'",
                            config='[netlink]\nreceive_bufer = "8 MiB"\n')
        self.assertIn("^", said)

    def test_all_errors_of_meaning_in_one_go(self):
        self.refused(78, "nlwatch.toml:2:", "nlwatch.toml:4:", "nlwatch.toml:5:", "nowhere",
                     config='[netlink]\nreceive_buffer = "tiny"\n[backlog]\nbytes = 17\nnowhere = 1\n')

    def test_a_syntax_error(self):
        self.refused(78, "nlwatch.toml:1:", "error", config="[netlink\n")

    def test_no_such_file(self):
        done = self.nlwatch("run", "-c", "/nowhere/nlwatch.toml")
        self.assertEqual(done.returncode, 78)
        self.assertIn(b"/nowhere/nlwatch.toml", done.stderr)

    def test_a_path_that_cannot_be_bound(self):
        folder = self.folder()
        os.rmdir(folder)
        pathlib.Path(folder).touch()  # a file where the folder should be
        self.addCleanup(os.unlink, folder)
        done = self.nlwatch("run", "--dir", folder)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn(folder, done.stderr.decode())
        self.assertIn("Not a directory", done.stderr.decode())

    def test_a_file_that_is_no_socket_stays(self):
        folder = self.folder()
        file = pathlib.Path(folder, "stream.sock")
        file.write_text("precious")
        self.refused(1, str(file), directory=folder)
        self.assertEqual(file.read_text(), "precious")

    def test_an_unknown_group(self):
        self.refused(1, "no-such-group", config='[stream]\ngroup = "no-such-group"')

    def test_a_live_socket_stays_its_owners(self):
        first = self.start()
        client = first.settled_client()
        self.refused(1, str(first.stream), directory=first.directory)
        self.assertTrue(first.alive())
        oracle.assert_agrees(self.namespace, client)
        oracle.assert_agrees(self.namespace, first.settled_client())

    def test_a_stale_socket_is_replaced(self):
        folder = self.folder()
        stale = socket.socket(socket.AF_UNIX)
        stale.bind(f"{folder}/stream.sock")
        stale.close()
        daemon = self.start(directory=folder)
        oracle.assert_agrees(self.namespace, daemon.settled_client())

    def test_the_socket_of_a_killed_daemon_is_replaced(self):
        first = self.start()
        first.process.kill()
        first.wait()
        self.assertTrue(first.stream.exists())
        second = self.start(directory=first.directory)
        oracle.assert_agrees(self.namespace, second.settled_client())

    def test_the_sockets_mode(self):
        daemon = self.start('[stream]\nmode = "0600"')
        self.assertEqual(stat.S_IMODE(daemon.stream.stat().st_mode), 0o600)
        daemon = self.start("[http]\nlisten = []")  # the first one has the address
        self.assertEqual(stat.S_IMODE(daemon.stream.stat().st_mode), 0o660)

    def folder(self):
        folder = tempfile.mkdtemp(prefix="nlwatch-test-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return folder


class Nuisances(DaemonCase):
    """What a running daemon bears."""

    def setUp(self):
        super().setUp()
        self.daemon = self.start()
        self.client = self.daemon.settled_client()

    def assert_well(self):
        self.assertTrue(self.daemon.alive())
        oracle.assert_agrees(self.namespace, self.client)
        oracle.assert_agrees(self.namespace, self.daemon.settled_client())

    def test_a_client_that_sends_bytes(self):
        chatty = self.daemon.settled_client()
        for junk in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\0" * 65536, bytes(range(256)) * 2000):
            chatty.socket.setblocking(True)
            chatty.socket.sendall(junk)  # the daemon reads it, else this would block for ever
            chatty.socket.setblocking(False)
        self.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
        chatty.until(lambda fold: fold.link("v0"))
        oracle.assert_agrees(self.namespace, chatty)
        self.assert_well()

    def test_a_client_that_closes_its_sending_side(self):
        half = self.daemon.settled_client()
        half.socket.shutdown(socket.SHUT_WR)
        self.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
        half.until(lambda fold: fold.link("v0"))
        oracle.assert_agrees(self.namespace, half)

    def follow(self, rounds):
        """Changes that the daemon has to tell of; returns the CPU time it took for that, in ticks."""
        ticks = self.daemon.cpu()
        for mtu in range(60000, 60000 + rounds):
            self.namespace.ip("link", "set", "lo", "mtu", str(mtu))
            self.client.until(lambda fold: fold.link("lo")["mtu"] == mtu)
        return self.daemon.cpu() - ticks

    def test_no_descriptors_left(self):
        usual = self.follow(100)
        soft, hard = resource.prlimit(self.daemon.pid, resource.RLIMIT_NOFILE)
        files = self.daemon.open_files()
        lowest_free = next(number for number in range(len(files) + 1) if number not in files)
        resource.prlimit(self.daemon.pid, resource.RLIMIT_NOFILE, (lowest_free, hard))
        waiting = [self.daemon.client() for _ in range(3)]
        self.assertLessEqual(self.follow(100), 2 * usual + 10, "ticks: it follows on, and does not spin")
        self.assertEqual([client.lines for client in waiting], [[], [], []])
        self.assertEqual(self.daemon.log().count("could not be accepted for want of descriptors"), 1, "and says why, once")
        resource.prlimit(self.daemon.pid, resource.RLIMIT_NOFILE, (soft, hard))
        for client in waiting:
            client.until(lambda fold: fold.settled)
        self.assert_well()

    def forge(self, kind, ifindex, name, mtu):
        body = ifinfomsg(ifindex, flags=0x1043) + attribute(IFLA_IFNAME, name + b"\0") + attribute(
            IFLA_MTU, struct.pack("=I", mtu))
        return rtnetlink.message(kind, 0, body, sequence=0)

    def assert_unmoved_by(self, send):
        """send(message) of several kinds does not show in the stream."""
        forged = [self.forge(RTM_NEWLINK, 1, b"lo", 1234), self.forge(RTM_NEWLINK, 999, b"forged0", 1500),
                  self.forge(RTM_DELLINK, 1, b"lo", 1234), b"\xff" * 40, b"\0" * 3,
                  rtnetlink.message(RTM_NEWLINK, 0, b"\1"), struct.pack("=IHHII", 0xfffffff0, RTM_NEWLINK, 0, 0, 0)]
        self.client.advance()
        before = len(self.client.lines)
        for message in forged:
            send(message)
        self.assert_well()
        for record in self.client.records()[before:]:
            self.assertEqual((record["type"], record["object"]["ifname"]), ("link.changed", "lo"), record)
            self.assertEqual(list(record["before"]), ["ifalias"], "only the oracle's token")

    def send_as_root(self, message, port, groups):
        with self.namespace.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE) as forger:
            forger.bind((0, 0))
            try:
                forger.sendto(message, (port, groups))
            except ConnectionRefusedError:
                pass  # by the kernel itself: the receiver is connected to it

    def test_forged_unicast(self):
        ports = rtnetlink.port_ids(self.namespace, self.daemon.pid)
        self.assertEqual(len(ports), 2, "one socket for events, one for requests")

        def send(message):
            for port in ports:
                self.send_as_root(message, port, 0)

        self.assert_unmoved_by(send)

    def test_forged_multicast(self):
        self.assert_unmoved_by(lambda message: self.send_as_root(message, 0, rtnetlink.RTMGRP_LINK))

"""`nlwatch status` and `nlwatch reload`: how the daemon does, and what it makes of a changed file."""

import json
import signal
import socket
import subprocess
import tempfile
import threading

from support.case import DaemonCase
from support.daemon import EXECUTABLE, wait_until
from support.monitor import Status


class HowItDoes(DaemonCase):
    def status(self, daemon, *argv):
        done = self.nlwatch("status", *argv, "--dir", str(daemon.directory))
        self.assertEqual((done.returncode, done.stderr), (0, b""), done)
        return done.stdout.decode()

    def test_in_words(self):
        daemon = self.start()
        daemon.settled_client()
        text = self.status(daemon)
        for word in ("nlwatch 0.", "since", "ago", "1 link, 2 addresses", "buffer", "last loss    none",
                     "1 of stream", "log: up"):
            self.assertIn(word, text)
        self.assertNotIn("\x1b", text)

    def test_as_json(self):
        daemon = self.start()
        client = daemon.settled_client()
        status = json.loads(self.status(daemon, "-o", "json"))
        self.assertEqual(status["run"], client.fold.run)
        self.assertEqual(status["objects"], {"link": 1, "address": 2})

    def test_a_loss_in_words(self):
        daemon = self.start('[netlink]\nreceive_buffer = "16 KiB"\nreceive_buffer_max = "16 KiB"\n')
        client = daemon.settled_client()
        daemon.stop()
        self.namespace.batch([f"link set lo mtu {mtu}" for mtu in range(60000, 60100)])
        daemon.resume()
        client.until(lambda fold: fold.counts.get("resync.end"))
        self.assertRegex(self.status(daemon), r"last loss +(\d+|an unknown number of) messages? lost \(overrun\), .*repaired")

    def test_on_a_terminal(self):
        daemon = self.start()
        daemon.settled_client()
        shown = Status(self.namespace, "--dir", str(daemon.directory), terminal=True)
        self.assertEqual(shown.wait_for_end(), 0)
        self.assertIn(b"\x1b[32m1 link", shown.output)


class Pretender:
    """A daemon of another kind at http.sock: answers every request with the same bytes, or with none."""

    def __init__(self, case, answer):
        self.directory = tempfile.TemporaryDirectory(prefix="nlwatch-test-")
        case.addCleanup(self.directory.cleanup)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self.directory.name + "/http.sock")
        self._listener.listen()
        self._answer = answer
        self.asked = threading.Event()
        self._held = []
        thread = threading.Thread(target=self._serve, daemon=True)
        thread.start()
        case.addCleanup(thread.join)
        case.addCleanup(self._listener.close)
        case.addCleanup(self._listener.shutdown, socket.SHUT_RDWR)

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                break
            while b"\r\n\r\n" not in connection.recv(65536):
                pass
            self.asked.set()
            if self._answer is None:
                self._held.append(connection)
                continue
            connection.sendall(self._answer)
            connection.close()
        for connection in self._held:
            connection.close()


def answer(body, status="200 OK"):
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(body), body)


class OfAnotherKind(DaemonCase):
    def ask(self, pretended, *argv):
        return self.nlwatch(*argv, "--dir", Pretender(self, pretended).directory.name)

    def test_another_version_is_told_and_goes_on(self):
        done = self.ask(answer(b'{"schema":1,"version":"9.9.9"}'), "status")
        self.assertEqual(done.returncode, 0, done)
        self.assertRegex(done.stderr.decode(), r"the daemon is version 9\.9\.9, this program \d")
        self.assertIn(b"9.9.9", done.stdout)

    def test_it_has_no_such_route(self):
        done = self.ask(answer(b'{"schema":1,"type":"error","message":"there is no /v1/status here"}', "404 Not Found"),
                        "status")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn(b"there is no /v1/status here", done.stderr)

    def test_it_cannot_now(self):
        done = self.ask(answer(b'{"schema":1,"type":"error","message":"too many"}', "503 Service Unavailable"), "status")
        self.assertEqual(done.returncode, 69, done)

    def test_it_speaks_something_else(self):
        for nonsense in (b"SSH-2.0-OpenSSH_9\r\n", b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}"):
            done = self.ask(nonsense, "status")
            self.assertEqual(done.returncode, 69, done)
        self.assertEqual(self.ask(answer(b"<html>"), "status").returncode, 1)
        self.assertEqual(self.ask(answer(b"<html>\n"), "show", "links").returncode, 69)

    def test_a_signal_while_it_is_waited_for(self):
        for argv in (["status"], ["show", "links"], ["wait", "lo up"]):
            for number in (signal.SIGINT, signal.SIGTERM):
                silent = Pretender(self, None)
                process = self.namespace.popen(EXECUTABLE, *argv, "--dir", silent.directory.name,
                                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                self.assertTrue(silent.asked.wait(20))
                process.send_signal(number)
                self.assertEqual(process.wait(20), 130, argv)


class Reload(DaemonCase):
    def reload(self, daemon):
        return self.nlwatch("reload", "--dir", str(daemon.directory))

    def test_what_is_applied_and_what_waits(self):
        daemon = self.start("")
        file = daemon.home / "nlwatch.toml"
        done = self.reload(daemon)
        self.assertEqual((done.returncode, done.stderr), (0, b""), done)
        self.assertIn(b"nothing in it has changed", done.stdout)
        file.write_text('[filter]\ninterface = ["lo"]\n[netlink]\nreceive_buffer = "1 MiB"\n')
        done = self.reload(daemon)
        self.assertEqual((done.returncode, done.stderr), (0, b""), done)
        self.assertRegex(done.stdout.decode(), r"applied: .*filter")
        self.assertRegex(done.stdout.decode(), r"next start.*receive_buffer")

    def test_a_bad_file_is_refused_with_its_place(self):
        daemon = self.start("")
        client = daemon.settled_client()
        (daemon.home / "nlwatch.toml").write_text("[netlink]\nreceive_bufer = 7\n")
        done = self.reload(daemon)
        self.assertEqual(done.returncode, 78, done)
        self.assertEqual(done.stdout, b"")
        for word in (b"nlwatch.toml:2:1", b"receive_buffer", b"^"):
            self.assertIn(word, done.stderr)
        text = self.nlwatch("status", "--dir", str(daemon.directory)).stdout.decode()
        self.assertRegex(text, r"last reload +refused")
        self.assertIn("nlwatch.toml:2:1", text)
        self.namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
        client.until(lambda fold: fold.link("v0"))
        wait_until(daemon.alive, "the daemon is alive")

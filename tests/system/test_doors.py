"""The daemon with no configuration at all: every door answers, and they tell the same."""

import grp
import json
import pathlib
import stat
import subprocess
import unittest

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import EXECUTABLE, scaled, wait_until
from support.reader import Client, parse


class Doors(DaemonCase):
    def curl(self, *argv):
        done = self.namespace.run("curl", "-sS", "--max-time", "20", "-w", "\n%{http_code}", *argv)
        body, _, status = done.stdout.rpartition(b"\n")
        return int(status), body

    def test_every_door_answers(self):
        daemon = self.start()
        client = daemon.settled_client()
        self.namespace.batch(churn.make_pair("v0", "v1"))
        self.namespace.ip("address", "add", "192.0.2.1/24", "dev", "v0")
        oracle.assert_agrees(self.namespace, client)

        unix = ["--unix-socket", str(daemon.directory / "http.sock")]
        for where in (["http://127.0.0.1:9617"], [*unix, "http://any.name"]):
            base = where.pop()
            for probe in ("livez", "readyz"):
                self.assertEqual(self.curl(*where, f"{base}/{probe}"), (200, b"ok\n"))
            status, metrics = self.curl(*where, f"{base}/metrics")
            self.assertEqual(status, 200)
            checked = subprocess.run(["promtool", "check", "metrics"], input=metrics, capture_output=True)
            self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, b"", b""))
        status, body = self.curl(*unix, "http://localhost/v1/state")
        self.assertEqual(status, 200)
        self.assertEqual(json.loads(body)["objects"], client.fold.objects)
        status, body = self.curl(*unix, "http://localhost/v1/status")
        self.assertEqual((status, json.loads(body)["ready"]), (200, True))
        for path in ("/v1/state", "/v1/events", "/v1/status"):
            status, body = self.curl(f"http://127.0.0.1:9617{path}")
            self.assertEqual(status, 404)
            self.assertIn(b"http.sock serves all of them", body)

        reload = ["-X", "POST", "http://localhost/v1/reload"]
        self.assertEqual(self.curl(*unix, *reload)[0], 404, "control.sock alone takes it")
        status, body = self.curl("--unix-socket", str(daemon.directory / "control.sock"), *reload)
        self.assertEqual((status, json.loads(body)["outcome"]), (200, "applied"))

        log = daemon.log()
        for said in (r"following 1 links? and 2 addresses", f"nc -U {daemon.stream}", r"http\.sock and 127\.0\.0\.1:9617",
                     r"v0 +link +changed .* -> up", r"v0 +address +added .*192\.0\.2\.1/24, usable"):
            self.assertRegex(log, said)

    def test_nc_and_curl_agree_line_by_line(self):
        daemon = self.start()
        self.namespace.batch(churn.make_pair("v0", "v1"))
        first = daemon.settled_client()
        oracle.assert_agrees(self.namespace, first)
        readers = {
            "nc": ["nc", "-U", str(daemon.stream)],
            "curl": ["curl", "-sSN", "--unix-socket", str(daemon.directory / "http.sock"),
                     "http://localhost/v1/events"],
        }
        running = {}
        for name, argv in readers.items():
            with open(daemon.home / name, "wb") as output:
                running[name] = self.namespace.popen(*argv, stdin=subprocess.PIPE, stdout=output, stderr=output)

        def lines(name):
            return (daemon.home / name).read_bytes().splitlines(keepends=True)

        for name in readers:
            wait_until(lambda: any(b'"snapshot.end"' in line for line in lines(name)), f"{name} has its snapshot")
        storm = churn.Storm(seed=1)
        self.namespace.batch(storm.cast())
        self.namespace.batch(storm.changes(scaled(600)), force=True)
        oracle.assert_agrees(self.namespace, first)
        last = first.lines[-1] + b"\n"
        for name in readers:
            wait_until(lambda: lines(name)[-1] == last, f"{name} has read as far")
        self.assertEqual(daemon.terminate(), 0)
        for name, process in running.items():
            self.assertEqual(process.wait(20), 0, f"{name} sees an end in order: {lines(name)[-1:]}")
        nc, curl = lines("nc"), lines("curl")
        self.assertGreater(len(nc), scaled(300))
        self.assertEqual(nc[1:], curl[1:])
        hellos = [parse(told[0]) for told in (nc, curl)]
        for hello in hellos:
            self.assertEqual(hello["type"], "hello")
            for own in ("time", "monotonic_us"):
                hello.pop(own)
        self.assertEqual(*hellos)


class NoOptions(DaemonCase):
    """`nlwatch run` and nothing more, as root, where /run and /etc are empty but for the group file."""

    def test_where_the_doors_are_and_who_may_come_in(self):
        script = ("mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /mnt && cp /etc/group /etc/passwd /mnt && "
                  'mount --bind /mnt /etc && exec "$@"')
        process = self.namespace.popen("unshare", "-m", "sh", "-c", script, "sh", EXECUTABLE, "run",
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        folder = pathlib.Path(f"/proc/{process.pid}/root/run/nlwatch")

        def there():
            self.assertIsNone(process.poll(), "it runs")
            return (folder / "stream.sock").is_socket()

        wait_until(there, "the stream socket is there")
        client = Client(self.hub, folder / "stream.sock")
        self.addCleanup(client.close)
        client.until(lambda fold: fold.settled)  # all are open before the first reader is served
        adm = grp.getgrnam("adm").gr_gid
        for door, mode, group in (("stream", 0o660, adm), ("http", 0o660, adm), ("control", 0o600, 0)):
            told = (folder / f"{door}.sock").stat()
            self.assertEqual((stat.S_IMODE(told.st_mode), told.st_uid, told.st_gid), (mode, 0, group), door)
        oracle.assert_agrees(self.namespace, client)
        for command in (["status"], ["show", "links"], ["verify"]):
            entered = ["nsenter", "-m", "-t", str(process.pid), EXECUTABLE, *command]
            done = self.namespace.run(*entered, check=False, timeout=20)
            self.assertEqual((done.returncode, done.stderr), (0, b""), command)
        process.terminate()
        self.assertEqual(process.wait(20), 0)
        process.stderr.close()


if __name__ == "__main__":
    unittest.main()

"""Who may read which socket, after all that can happen to the daemon; and what the socket units are for."""

import json
import os
import pathlib
import re
import socket
import threading

from systemd.case import CONTROL, HTTP, NOBODY, STREAM, BoxCase

# Says the first line of a stream, or the error's name.
_FIRST_LINE = """
import socket, sys
stream = socket.socket(socket.AF_UNIX)
try:
    stream.connect(sys.argv[1])
except OSError as error:
    sys.exit(type(error).__name__)
sys.stdout.write(stream.makefile().readline())
"""


class Doors(BoxCase):
    def first_line(self, groups):
        return self.as_user("/usr/bin/python3", "-c", _FIRST_LINE, STREAM, groups=groups)

    def get(self, where, path, groups=()):
        unix = ("--unix-socket", where) if where.startswith("/") else ()
        host = "localhost" if unix else where
        return self.as_user("curl", "-sS", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_code}", *unix,
                            f"http://{host}{path}", groups=groups)

    def check_doors(self):
        member = self.first_line(["adm"])
        self.assertEqual(member.stderr, b"")
        self.assertEqual(json.loads(member.stdout)["type"], "hello")
        stranger = self.first_line([])
        self.assertEqual((stranger.stdout, stranger.stderr), (b"", b"PermissionError\n"))

        self.assertEqual(self.get(HTTP, "/v1/state", ["adm"]).stdout, b"200")
        self.assertNotEqual(self.get(HTTP, "/v1/state").returncode, 0)
        self.assertEqual(self.get("127.0.0.1:9617", "/livez").stdout, b"200", "health is everybody's, on this machine")

        for path, mode, group in ((STREAM, 0o660, 4), (HTTP, 0o660, 4), (CONTROL, 0o600, 0)):
            status = os.stat(self.box.path(path))
            self.assertEqual((status.st_mode & 0o777, status.st_uid, status.st_gid), (mode, 0, group), path)

    def test_after_start_restart_and_crash(self):
        pid = self.start()
        self.check_doors()
        self.box.systemctl("restart", "nlwatch")
        self.check_doors()
        restarted = self.main_pid()
        self.assertNotEqual(restarted, pid)
        self.box.systemctl("kill", "-s", "KILL", "nlwatch")
        self.until_started_anew(restarted)
        self.check_doors()

    def test_a_stranger_is_told_which_group(self):
        self.start()
        for command in (["verify"], ["status"], ["tail"], ["show", "links"]):
            with self.subTest(command):
                done = self.as_user("/usr/bin/nlwatch", *command)
                self.assertEqual(done.returncode, 77, done.stderr)
                self.assertIn("adm", done.stderr.decode())
        with self.subTest("reload"):
            self.assertEqual(self.as_user("/usr/bin/nlwatch", "reload", groups=["adm"]).returncode, 77)
        self.assertEqual(self.as_user("/usr/bin/nlwatch", "verify", groups=["adm"]).returncode, 0)

    def test_the_first_client_starts_the_daemon(self):
        self.box.systemctl("start", "nlwatch.socket", "nlwatch-http.socket", "nlwatch-control.socket")
        self.assertEqual(self.state(), "inactive")
        self.assertEqual(json.loads(self.first_line(["adm"]).stdout)["type"], "hello")
        self.assertEqual(self.state(), "active")

    def test_starting_the_service_starts_all_its_sockets(self):
        """They would be refused afterwards ("Socket service already active")."""
        self.box.systemctl("stop", "nlwatch.socket", "nlwatch-http.socket", "nlwatch-control.socket")
        self.start()
        self.check_doors()

    def test_a_prometheus_on_another_machine(self):
        """As the manual says it: the address is served, to the one machine that is named, and to no other."""
        manual = (pathlib.Path(__file__).resolve().parents[2] / "docs" / "nlwatch.toml.5.scd").read_text()
        text = re.search(r"^# systemctl edit nlwatch-http.socket\n(.*?)^```", manual, re.MULTILINE | re.DOTALL)[1]
        drop_in = "/run/systemd/system/nlwatch-http.socket.d/50-test.conf"
        self.box.write(drop_in, text)
        self.addCleanup(self.box.path(drop_in).unlink)
        for address in ("192.0.2.10", "192.0.2.20", "192.0.2.30"):
            self.box.run("ip", "addr", "add", f"{address}/32", "dev", "lo")
            self.addCleanup(self.box.run, "ip", "addr", "del", f"{address}/32", "dev", "lo")
        self.box.systemctl("daemon-reload")
        self.box.systemctl("stop", "nlwatch", "nlwatch-http.socket")
        self.box.systemctl("start", "nlwatch")

        def asks(source, path, seconds):
            return self.box.run("curl", "-sS", "--interface", source, "--max-time", seconds, "-o", "/dev/null", "-w",
                                "%{http_code}", f"http://192.0.2.10:9617{path}", check=False).stdout

        self.assertEqual(asks("192.0.2.20", "/metrics", "20"), b"200")
        self.assertEqual(asks("192.0.2.20", "/v1/state", "20"), b"404")
        self.assertEqual(asks("192.0.2.30", "/metrics", "2"), b"000")
        self.assertEqual(self.get("127.0.0.1:9617", "/metrics").stdout, b"200", "this machine as before")

    def test_a_socket_with_a_name_that_is_none_is_refused_by_name(self):
        drop_in = "/run/systemd/system/nlwatch-http.socket.d/50-test.conf"
        self.box.write(drop_in, "[Socket]\nFileDescriptorName=htpt\n")
        self.addCleanup(self.box.path(drop_in).unlink)
        self.box.systemctl("daemon-reload")
        self.assertNotEqual(self.box.systemctl("start", "nlwatch", check=False).returncode, 0)
        self.assertRegex(self.journal("-u", "nlwatch", "-o", "cat"),
                         r"systemd passed the socket \S+ as 'htpt', a name that nlwatch does not know")

    def test_a_door_without_its_socket_unit_says_which_unit(self):
        mask = self.box.path("/run/systemd/system/nlwatch-http.socket")
        mask.symlink_to("/dev/null")
        self.addCleanup(mask.unlink)
        self.box.systemctl("daemon-reload")
        self.assertNotEqual(self.box.systemctl("start", "nlwatch", check=False).returncode, 0)
        self.assertIn("nlwatch-http.socket", " ".join(entry["MESSAGE"] for entry in self.own_entries()))

    def restart_under(self, ask):
        """Restarts while two clients call ask() without a pause; returns what it gave, each thing once."""
        over, answers, failures = threading.Event(), [], []

        def loop():
            while not over.is_set():
                try:
                    answers.append(ask())
                except (OSError, ValueError, KeyError) as error:
                    failures.append(repr(error))

        clients = [threading.Thread(target=loop) for _ in range(2)]
        for client in clients:
            client.start()
        try:
            for _ in range(5):
                before = len(answers)
                self.box.systemctl("restart", "nlwatch")
                self.until(lambda: len(answers) > before + 20 or failures, "the clients were answered again")
        finally:
            over.set()
            for client in clients:
                client.join()
        self.assertEqual(failures, [])
        return set(answers)

    def connect(self, path):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(60)
        client.connect(str(self.box.path(path)))
        return client

    def test_a_restart_loses_no_reader(self):
        def first_type():
            with self.connect(STREAM) as stream, stream.makefile("rb") as lines:
                return json.loads(lines.readline())["type"]
        self.start()
        self.assertEqual(self.restart_under(first_type), {"hello"})

    def test_a_restart_loses_no_request(self):
        def status_line():
            with self.connect(HTTP) as connection, connection.makefile("rb") as answer:
                connection.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return answer.readline().rstrip()
        self.start()
        self.assertEqual(self.restart_under(status_line), {b"HTTP/1.1 200 OK"})

    def test_the_daemon_has_a_user_of_its_own_and_no_rights(self):
        pid = self.start()
        status = self.box.path(f"/proc/{pid}/status").read_text()
        uid = int(status.partition("Uid:")[2].split()[0])
        self.assertTrue(61184 <= uid <= 65519, uid)  # systemd's range for DynamicUser=
        self.assertNotEqual(uid, NOBODY)
        for capabilities in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status.partition(f"{capabilities}:")[2].split()[0], 16), 0, capabilities)
        self.assertEqual(status.partition("NoNewPrivs:")[2].split()[0], "1")

"""`nlwatch sink test`: one event at once, and what came of it; and what `status` says of a webhook that fails."""

import base64
import json
import os
import shutil
import subprocess
import tempfile

from support import daemon
from support.certificates import Authority
from support.daemon import wait_until
from support.receiver import Tls, answer, half_header, hang, reset
from support.web import ask
from support.webhooks import judged
from support.webhook_case import WebhookCase, sink

NONE_MATCHES = {"interface": ["no-such"]}  # the events of the network are not what is looked at here


class SinkTestCase(WebhookCase):
    def run_test(self, *argv, name="ops"):
        return self.nlwatch("sink", "test", name, *argv, "--dir", str(self.daemon.directory))

    def told(self, done):
        """The rows that were printed, by their label; no row of these tests comes twice but certificates."""
        rows = {}
        for line in done.stdout.decode().splitlines():
            rows.setdefault(line[:12].strip(), []).append(line[13:])
        return {label: row[0] if len(row) == 1 else row for label, row in rows.items()}

    def start_at(self, url, **keys):
        self.begin(sink(url, filter=NONE_MATCHES, **keys))

    def receive(self, script, **keys):
        """A receiver that does this with the first request, and a daemon that knows it."""
        receiver = self.receiver(script)
        self.start_at(receiver.url("/hook/a-secret-path?token=a-secret-too"), **keys)
        return receiver

    def assert_fails(self, outcome, /, **rows):
        """With 1, in these words."""
        done = self.run_test()
        self.assertEqual((done.returncode, done.stderr), (1, b""), done)
        told = self.told(done)
        self.assertEqual(told["result"], "not delivered: " + outcome)
        for label, words in rows.items():
            self.assertRegex(told[label.replace("_", " ")], words)
        return told


class Answers(SinkTestCase):
    def test_it_is_taken(self):
        path, secret = self.secret_file()
        receiver = self.receive([], secret_file=path)
        done = self.run_test()
        self.assertEqual((done.returncode, done.stderr), (0, b""), done)
        told = self.told(done)
        self.assertEqual(told.keys(), {"receiver", "result", "status", "time", "address"})
        self.assertEqual((told["result"], told["status"]), ("delivered", "204"))
        self.assertRegex(told["time"], r"^\d+\.\d{3} s$")
        self.assertEqual(told["address"], f"127.0.0.1:{receiver.port}")
        for said in (done.stdout.decode(), self.daemon.log(), json.dumps(self.status())):
            self.assertNotIn("secret", said)
            self.assertNotIn(secret, said)

        [request] = receiver.requests
        [verdict] = judged([request], secret)
        self.assertEqual((verdict.signature, verdict.envelope), (None, None))
        [event] = verdict.events
        self.assertEqual((event["type"], event["data"]["type"], event["data"]["sink"]), ("nlwatch.test", "test", "ops"))
        self.assertEqual(event["data"]["run"], self.client.fold.run)
        self.assertEqual((self.status()["delivered"], self.attempts()), (0, {}), "it counts as no event")

        self.assertEqual(self.run_test().returncode, 0)
        ids = {it.headers["webhook-id"] for it in receiver.requests}
        self.assertEqual(len(ids), 2, "one that was seen already would be dropped")

    def test_in_other_forms(self):
        for keys in ({"format": "native"}, {"batch": 10}, {"format": "native", "batch": 10}):
            with self.subTest(keys):
                receiver = self.receive([], **keys)
                self.assertEqual(self.run_test().returncode, 0)
                [request] = receiver.requests
                if keys.get("format") == "native":
                    record = json.loads(request.body)
                else:
                    self.assertIsNone(judged([request])[0].envelope)
                    [event] = request.json
                    record = event["data"]
                self.assertEqual(record["type"], "test")
                self.assertEqual(self.daemon.terminate(), 0)

    def test_as_json(self):
        receiver = self.receive([answer(), answer(503, body=b"not now \x1b[31m\xff")])
        done = self.run_test("-o", "json")
        self.assertEqual((done.returncode, done.stderr), (0, b""), done)
        told = json.loads(done.stdout)
        self.assertIsInstance(told.pop("seconds"), float)
        self.assertNotIn("secret", told.pop("url"))
        self.assertEqual(told, {"schema": 1, "type": "sink_test", "sink": "ops", "outcome": "success", "status": 204,
                                "address": f"127.0.0.1:{receiver.port}"})
        done = self.run_test("-o", "json")
        self.assertEqual((done.returncode, done.stderr), (1, b""), done)
        told = json.loads(done.stdout)
        self.assertEqual((told["outcome"], told["status"]), ("server_error", 503))
        self.assertRegex(told["body"], "^not now ")

    def test_it_is_not_taken(self):
        self.receive([answer(401, body=b"who are you?"), answer(503, body=b"later \x1b[31m\r\n"), answer(302)])
        self.assert_fails("rejected", status="^401$", it_says=r"^who are you\?$")
        told = self.assert_fails("server_error", status="^503$", it_says="^later ")
        self.assertNotIn("\x1b", "".join(map(str, told.values())))
        self.assert_fails("rejected", status="^302$")
        self.assertEqual(self.attempts(), {})

    def test_there_is_no_answer(self):
        receiver = self.receive([hang(), reset(), half_header()], connect_timeout="1 s", timeout="1 s")
        told = self.assert_fails("timeout", why="within 1 s", time=r"^[12]\.")
        self.assertNotIn("status", told)
        self.assert_fails("network_error", why=rf"127\.0\.0\.1:{receiver.port}")
        self.assert_fails("network_error", why=rf"127\.0\.0\.1:{receiver.port}")
        receiver.close()
        self.assert_fails("network_error", why=rf"127\.0\.0\.1:{receiver.port}.*refused")

    def test_the_name_is_not_known(self):
        self.start_at("http://nobody.invalid/hook")
        self.assert_fails("network_error", why="nobody.invalid")

    def test_while_events_wait(self):
        """It is sent past them, and hastens nothing."""
        receiver = self.receiver([answer(503, {"Retry-After": "3600"})])
        self.begin(sink(receiver.url()))
        self.change(3)
        wait_until(lambda: self.attempts().get("server_error"), "it is left alone")
        done = self.run_test()
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual([it.json["type"] for it in receiver.requests], ["nlwatch.link.changed", "nlwatch.test"])
        self.assertEqual(self.status()["delivered"], 0)
        self.assertGreater(self.status()["next_retry_s"], 3500)


class Https(SinkTestCase):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.folder)

    def serve(self, names, **keys):
        receiver = self.receiver(tls=Tls(self.authority.issue(names)))
        self.start_at(receiver.url("/hook", host="127.0.0.1"), tls={"ca_file": self.authority.certificate}, **keys)
        return receiver

    def test_version_and_chain(self):
        receiver = self.serve("IP:127.0.0.1")
        done = self.run_test()
        self.assertEqual(done.returncode, 0, done)
        told = self.told(done)
        self.assertEqual((told["result"], told["TLS"]), ("delivered", "TLSv1.3"))
        day = r"20\d\d-\d\d-\d\d"
        self.assertRegex(told["certificate"], rf"^CN=receiver, by .*CN=authority.*, from {day} to {day}$")
        self.assertEqual(len(receiver.requests), 1)
        told = json.loads(self.run_test("-o", "json").stdout)
        [certificate] = told["certificates"]
        self.assertEqual((told["tls"], certificate["subject"]), ("TLSv1.3", "CN=receiver"))
        self.assertLess(certificate["not_before"], certificate["not_after"])

    def test_of_another_host(self):
        receiver = self.serve("DNS:elsewhere.test")
        self.assert_fails("network_error", why=r"name matches target host name '127\.0\.0\.1'")
        self.assertEqual(receiver.requests, [])

    def test_that_has_expired_or_is_not_trusted(self):
        other = tempfile.mkdtemp(dir=self.folder)
        for identity, why in ((self.authority.issue("IP:127.0.0.1", days=-1), "certificate has expired"),
                              (Authority(other).issue("IP:127.0.0.1"), "certificate")):
            receiver = self.receiver(tls=Tls(identity))
            self.start_at(receiver.url(host="127.0.0.1"), tls={"ca_file": self.authority.certificate})
            self.assert_fails("network_error", why=why)
            self.assertEqual(receiver.requests, [])
            self.assertEqual(self.daemon.terminate(), 0)

    def test_that_speaks_no_tls(self):
        self.namespace.popen("socat", "TCP-LISTEN:98,bind=127.0.0.1,reuseaddr,fork", "SYSTEM:echo HTTP/1.1 400 No",
                             stderr=subprocess.DEVNULL)
        self.start_at("https://127.0.0.1:98/hook")
        wait_until(lambda: b"refused" not in self.run_test().stdout, "it listens")
        self.assert_fails("network_error", why=r"127\.0\.0\.1:98.*(TLS|SSL)")


class Refused(SinkTestCase):
    def assert_refused(self, code, words, *argv, name="ops"):
        done = self.run_test(*argv, name=name)
        self.assertEqual((done.returncode, done.stdout), (code, b""), done)
        self.assertRegex(done.stderr.decode(), words)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_there_is_no_such_sink(self):
        self.receive([])
        for name in ("nobody", "opß \x1b[31m&%22", "a" * 2000, "..", "ops\n"):
            self.assert_refused(1, "there is no sink '" + name[:3], name=name)
            self.assertNotIn(b"\x1b", self.run_test(name=name).stderr)

    def test_it_is_no_webhook(self):
        self.start_at("http://127.0.0.1:9/")
        self.assert_refused(1, "'log' is no webhook", name="log")

    def test_there_is_no_daemon(self):
        self.receive([])
        self.assertEqual(self.daemon.terminate(), 0)
        self.assert_refused(69, "no daemon answers at .*control.sock")

    def run_test_that_hangs(self, **keys):
        """One that is under way."""
        receiver = self.receive([hang()], **keys)
        asking = self.namespace.popen(daemon.EXECUTABLE, "sink", "test", "ops", "--dir", str(self.daemon.directory),
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        receiver.wait_for(1)
        return asking

    def test_the_daemon_ends_meanwhile(self):
        asking = self.run_test_that_hangs(timeout="60 s")
        self.assertEqual(self.daemon.terminate(timeout=12), 0)
        out, error = asking.communicate(timeout=20)
        self.assertIn(asking.returncode, (1, 69), (out, error))
        self.assertTrue(out or error, "it says what became of it")

    def test_the_sink_is_taken_out_meanwhile(self):
        asking = self.run_test_that_hangs(connect_timeout="2 s", timeout="2 s")
        self.reload("")
        out, error = asking.communicate(timeout=20)
        self.assertEqual(asking.returncode, 1, (out, error))
        self.assertRegex((out + error).decode(), r"127\.0\.0\.1|there is no sink 'ops'")
        self.assertEqual(self.nlwatch("status", "--dir", str(self.daemon.directory)).returncode, 0, "it goes on")

    def test_only_its_own_user_and_root_may(self):
        self.receive([])
        os.chmod(self.daemon.home, 0o755)
        # The program may lie where others cannot look.
        with tempfile.TemporaryDirectory(prefix="nlwatch-test-") as folder:
            os.chmod(folder, 0o755)
            program = shutil.copy(daemon.EXECUTABLE, folder)
            done = self.namespace.run("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", program,
                                      "sink", "test", "ops", "--dir", str(self.daemon.directory), check=False)
        self.assertEqual((done.returncode, done.stdout), (77, b""), done)
        self.assertRegex(done.stderr.decode(), "no permission to use .*control.sock: only root may; try sudo")

    def test_a_command_line_that_is_none(self):
        for argv in (["sink"], ["sink", "test"], ["sink", "try", "ops"], ["sink", "test", "ops", "-o", "xml"],
                     ["sink", "test", "ops", "other"]):
            self.assertEqual(self.nlwatch(*argv).returncode, 64, argv)

    def test_other_doors_do_not_take_it(self):
        receiver = self.receive([])
        self.assertEqual(ask(self.http, "/v1/sinks/test?name=ops", "POST")[0], 404)
        self.assertEqual(receiver.requests, [])


class Status(SinkTestCase):
    def shown(self):
        done = self.nlwatch("status", "--dir", str(self.daemon.directory))
        self.assertEqual((done.returncode, done.stderr), (0, b""), done)
        return next(line for line in done.stdout.decode().splitlines() if line.startswith("sink") and " ops " in line)

    def test_one_that_fails(self):
        receiver = self.receiver(then=answer(503, {"Retry-After": "600"}, b"the disk\nis full"))
        self.begin(sink(receiver.url("/hook/a-secret-path"), auth={"secret_file": self.secret_file("t0ken")[0]}))
        self.change(3)
        wait_until(lambda: self.attempts().get("server_error"), "it has failed")
        status = wait_until(lambda: (told := self.status())["lag"] == 3 and told, "three wait")
        self.assertEqual((status["up"], status["delivered"], status["dropped"]), (False, 0, 0))
        self.assertNotIn("position", status)
        self.assertTrue(0 <= status["oldest_age_s"] < 60, status)
        self.assertTrue(540 < status["next_retry_s"] <= 600, status)
        self.assertRegex(status["last_error"], rf"127\.0\.0\.1:{receiver.port}.* answers 503 \(the disk.*is full\)")
        line = self.shown()
        self.assertRegex(line, r"^sink +ops \(webhook\): down, 0 delivered, 3 behind, waiting for \d+ s, "
                               r"tried again in (9|10) min: .*answers 503 \(the disk.*is full\)$")
        for said in (line, json.dumps(status), self.daemon.log()):
            self.assertNotIn("a-secret-path", said)
            self.assertNotIn("t0ken", said)
            self.assertNotIn(base64.b64encode(b"t0ken").decode(), said)

    def test_one_that_is_well(self):
        receiver = self.receiver([answer(503)])
        self.begin(sink(receiver.url()))
        last = self.change(2)
        self.wait_for_seq(receiver, last)
        self.wait_for_delivered(2)
        status = self.status()
        self.assertEqual(status, {"name": "ops", "type": "webhook", "up": True, "delivered": 2, "dropped": 0, "lag": 0,
                                  "position": f"{self.client.fold.run}:{last}"})
        self.assertRegex(self.shown(), r"^sink +ops \(webhook\): up, 2 delivered$")

    def test_one_that_wants_no_more(self):
        receiver = self.receiver(then=answer(410))
        self.begin(sink(receiver.url()))
        self.change(1)
        wait_until(lambda: self.attempts().get("rejected"), "it has answered")
        status = self.status()
        self.assertFalse(status["up"])
        self.assertNotIn("next_retry_s", status)
        self.assertRegex(self.shown(), "down, .*answers 410: nothing more is sent there until a reload")
        self.assertRegex(self.daemon.log(), r"answers 410: nothing more is sent there until a reload")

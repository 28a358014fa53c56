"""The receivers of docs/webhooks.md, started as it says, with a daemon whose webhook leads there."""

import base64
import hmac
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from docs.test_examples import EXAMPLES
from support.case import DaemonCase
from support.daemon import wait_until
from support.receiver import Receiver, answer
from support.web import scrape

PORT = "8080"  # in a namespace of the test's own
OLD = '{"id": "old", "type": "nlwatch.test", "data": {}}'


def new_secret():
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


class Program:
    """A receiver that runs, in the namespace; ended with that."""

    def __init__(self, namespace, folder, *argv, **environment):
        self._path = folder / "printed"
        with open(self._path, "wb") as output:
            self._process = namespace.popen(*map(str, argv), stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=subprocess.STDOUT, env={**os.environ, **environment})

        def listens():
            assert self._process.poll() is None, self.text()
            return f":{PORT} " in namespace.run("ss", "-Htln").stdout.decode()
        wait_until(listens, f"{argv[0]} listens")

    def text(self):
        return self._path.read_text()

    def expect(self, pattern):
        try:
            return wait_until(lambda: re.search(pattern, self.text(), re.MULTILINE), f"it prints {pattern}", timeout=30)
        except AssertionError as error:
            raise AssertionError(f"{error}; it printed:\n{self.text()}") from None


class WebhookExamples(DaemonCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nlwatch-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.namespace.batch(["link add v1 type veth peer name v2", "link set v1 up", "link set v2 up"])
        self.secret = new_secret()

    def program(self, *argv, **environment):
        return Program(self.namespace, self.folder, *argv, **environment)

    def begin(self, secret=None, more=""):
        """The webhook of the guide, with a secret in a file."""
        (self.folder / "secret").write_text((secret or self.secret) + "\n")
        self.daemon = self.start(f'[[sink]]\nname = "ops"\ntype = "webhook"\nurl = "http://127.0.0.1:{PORT}/"\n'
                                 f'secret_file = "{self.folder}/secret"\n{more}')
        self.daemon.settled_client().close()

    def count(self, metric, label):
        told = scrape(self.daemon.directory / "http.sock")
        return told[f'nlwatch_sink_{metric}{{sink="ops",type="webhook",{label}}}']

    def check(self, *argv):
        """It prints what the test does to the network."""
        program = self.program(*argv, WEBHOOK_SECRET=self.secret)
        self.begin()
        self.namespace.ip("link", "set", "v2", "down")
        program.expect(r"^nlwatch\.link\.changed link/\d+/\d+( \w+)* state_down( \w+)*$")
        self.namespace.ip("link", "set", "v1", "mtu", "1400")
        program.expect(r"^nlwatch\.link\.changed link/\d+/\d+ *$")
        self.assertEqual(self.nlwatch("sink", "test", "ops", "--dir", str(self.daemon.directory)).returncode, 0)
        program.expect(r"^nlwatch\.test\b")
        self.assertEqual(self.count("dropped_events_total", 'reason="rejected"'), 0)

    def check_refused(self, *argv):
        """Signed with another secret, or not at all, or long ago."""
        program = self.program(*argv, WEBHOOK_SECRET=self.secret)
        self.begin(secret=new_secret())
        told = self.nlwatch("sink", "test", "ops", "-o", "json", "--dir", str(self.daemon.directory))
        self.assertEqual((told.returncode, json.loads(told.stdout)["status"]), (1, 401))
        self.namespace.ip("link", "set", "v1", "mtu", "1400")
        wait_until(lambda: self.count("dropped_events_total", 'reason="rejected"') > 0, "it is refused, and dropped")
        self.assertEqual(self.curl("{}"), b"401", "signed by nobody")
        self.assertEqual(self.curl("{}", "webhook-id: x", "webhook-timestamp: now", "webhook-signature: v1,"), b"401")
        self.assertEqual(self.post(OLD, when=time.time() - 3600), b"401", "an hour old, as if recorded")
        self.assertEqual(self.post(OLD, when=time.time() + 3600), b"401")
        self.assertNotIn("nlwatch.", program.text())
        self.assertEqual(self.post(OLD), b"204", "it is for its time alone that it was refused")

    def check_seen(self, *argv):
        """An event that comes again, alone or in a batch, is taken and not told twice."""
        program = self.program(*argv, WEBHOOK_SECRET=self.secret)
        first, second = ({"id": word, "type": f"nlwatch.{word}", "data": {}} for word in ("first", "second"))
        for body in (first, first, [first, second]):
            self.assertEqual(self.post(json.dumps(body)), b"204")
        told = re.findall(r"^nlwatch\.(\w+)", program.text(), re.MULTILINE)
        self.assertEqual(told, ["first", "second"])

    def post(self, body, identity="msg", when=None):
        """Signed as https://www.standardwebhooks.com says; the answer's status."""
        when = int(when or time.time())
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signature = base64.b64encode(hmac.digest(key, f"{identity}.{when}.{body}".encode(), "sha256")).decode()
        headers = {"webhook-id": identity, "webhook-timestamp": when, "webhook-signature": f"v1,other v1,{signature}"}
        return self.curl(body, *(f"{name}: {value}" for name, value in headers.items()))

    def curl(self, body, *headers):
        return self.namespace.run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "20",
                                  *(word for it in headers for word in ("-H", it)), "-d", body,
                                  f"http://127.0.0.1:{PORT}/").stdout

    def test_receive_py(self):
        self.check("/usr/bin/python3", EXAMPLES / "receive.py", PORT)

    def test_receive_py_refuses(self):
        self.check_refused("/usr/bin/python3", EXAMPLES / "receive.py", PORT)

    def test_receive_py_and_what_it_has_seen(self):
        self.check_seen("/usr/bin/python3", EXAMPLES / "receive.py", PORT)

    def test_receive_js_and_what_it_has_seen(self):
        self.check_seen("node", EXAMPLES / "receive.js", PORT)

    def test_receive_js(self):
        self.check("node", EXAMPLES / "receive.js", PORT)

    def test_receive_js_refuses(self):
        self.check_refused("node", EXAMPLES / "receive.js", PORT)

    def socat(self):
        return "socat", f"TCP-LISTEN:{PORT},bind=127.0.0.1,fork,reuseaddr", f"EXEC:{EXAMPLES / 'receive.sh'}"

    def test_receive_sh(self):
        self.check(*self.socat())

    def test_receive_sh_refuses(self):
        self.check_refused(*self.socat())

    def test_relay_py(self):
        chat = Receiver([answer(500), answer(200, body=b"ok")], namespace=self.namespace.name)
        self.addCleanup(chat.close)
        self.program("/usr/bin/python3", EXAMPLES / "relay.py", PORT, CHAT_URL=chat.url("/hooks/a"))
        self.begin(more='filter = { interface = ["v1"], transition = ["state_down"] }\n')
        self.namespace.ip("link", "set", "v1", "down")
        first, second = chat.wait_for(2)
        self.assertEqual((first.method, first.target, first.headers["content-type"]),
                         ("POST", "/hooks/a", "application/json"))
        self.assertEqual(first.json, second.json, "what the chat did not take comes again")
        self.assertRegex(first.json["text"], r"^v1: .*\bstate_down\b")
        wait_until(lambda: self.count("events_total", 'result="delivered"') == 1, "it is delivered")
        self.assertEqual(self.nlwatch("sink", "test", "ops", "--dir", str(self.daemon.directory)).returncode, 0)
        self.assertIn("test", chat.wait_for(3)[2].json["text"])

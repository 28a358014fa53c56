"""Sinks that leave the machine, from within the unit: with the drop-in of docs/webhooks.md, and without it."""

import base64
import json
import os
import pathlib
import re

from systemd.case import BoxCase

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
DROP_IN = re.search(r"^```ini\n(.*?)^```", (DOCS / "webhooks.md").read_text(), re.MULTILINE | re.DOTALL).group(1)
PORT = "8080"
_EXPOSURE_MOST = 1.1  # without the drop-in it is 0.7

WEBHOOK = f'[[sink]]\nname = "ops"\ntype = "webhook"\nurl = "http://127.0.0.1:{PORT}/"\n'


class Outwards(BoxCase):
    def setUp(self):
        super().setUp()
        self.secret = "whsec_" + base64.b64encode(os.urandom(32)).decode()

    def listen(self, *argv, **environment):
        """A program of the box, as a unit of its own; returns a function that tells what it has printed."""
        printed = self.box.path("/run/printed")
        printed.write_text("")
        self.box.run("systemd-run", "--quiet", "--collect", "--unit=listener",
                     "--property=StandardOutput=append:/run/printed", "--property=StandardError=append:/run/printed",
                     *(f"--setenv={name}={value}" for name, value in environment.items()), *argv)
        self.addCleanup(self.box.systemctl, "stop", "listener", check=False)
        return printed.read_text

    def receive(self):
        program = str(DOCS / "examples" / "receive.py")
        printed = self.listen("/usr/bin/python3", program, PORT, WEBHOOK_SECRET=self.secret)
        self.until(lambda: "listening" in printed(), "it listens")
        return printed

    def give_secret(self):
        self.box.write("/etc/nlwatch/ops.secret", self.secret + "\n")
        self.box.path("/etc/nlwatch/ops.secret").chmod(0o600)

    def asked(self):
        """Of `nlwatch sink test`: exit code and answer."""
        done = self.box.run("nlwatch", "sink", "test", "ops", "-o", "json", check=False)
        return done.returncode, json.loads(done.stdout)

    def bridge(self):
        self.box.run("ip", "link", "add", "br0", "type", "bridge")
        self.addCleanup(self.box.run, "ip", "link", "del", "br0", check=False)

    def test_with_the_drop_in_of_the_guide(self):
        printed = self.receive()
        self.give_secret()
        self.start(DROP_IN, WEBHOOK + 'credential = "ops"\n')
        self.bridge()
        self.until(lambda: "nlwatch.link.added" in printed(), "it is delivered")
        self.assertEqual(self.asked()[0], 0)
        self.assertIn("nlwatch.test", printed())
        shown = self.box.run("systemd-analyze", "security", "--no-pager", "nlwatch.service").stdout.decode()
        exposure = re.search(r"Overall exposure level for nlwatch.service: ([0-9.]+)", shown)
        self.assertLessEqual(float(exposure.group(1)), _EXPOSURE_MOST, shown)
        self.assertNotIn(self.secret, self.journal())

    def test_for_the_receiver_alone(self):
        self.receive()
        self.give_secret()
        drop_in = re.sub("^IPAddressDeny=$", "IPAddressAllow=127.0.0.1", DROP_IN, flags=re.MULTILINE)
        self.assertIn("Allow", drop_in)
        self.start(drop_in, WEBHOOK + 'credential = "ops"\n')
        self.assertEqual(self.asked()[0], 0)

    def test_by_name(self):
        printed = self.receive()
        self.give_secret()
        self.start(DROP_IN, WEBHOOK.replace("127.0.0.1", "localhost") + 'credential = "ops"\n')
        code, told = self.asked()
        self.assertEqual((code, told["outcome"]), (0, "success"), told)
        self.assertIn("nlwatch.test", printed())

    def test_without_it_the_log_names_what_is_missing(self):
        self.start(config=WEBHOOK)
        code, told = self.asked()
        self.assertEqual(code, 1)
        self.assertRegex(told["message"], "RestrictAddressFamilies=AF_INET AF_INET6")
        self.bridge()
        self.until(lambda: "sink 'ops'" in self.journal("-u", "nlwatch"), "the log tells of it")
        self.assertIn("RestrictAddressFamilies=AF_INET AF_INET6", self.journal("-u", "nlwatch", "-o", "cat"))

    def test_with_the_first_line_alone(self):
        """The kernel still drops what is sent."""
        self.receive()
        self.start("[Service]\nRestrictAddressFamilies=AF_INET AF_INET6\n", WEBHOOK + 'connect_timeout = "1 s"\n')
        code, told = self.asked()
        self.assertEqual((code, told["outcome"]), (1, "timeout"), told)
        self.assertEqual(told["message"], f"no connection to 127.0.0.1:{PORT} within 1 s")

    def test_a_credential_that_is_missing(self):
        self.configure(WEBHOOK + 'credential = "ops"\n')
        self.assertNotEqual(self.box.systemctl("start", "nlwatch", check=False).returncode, 0)
        self.assertIn("LoadCredential=ops:", self.journal("-u", "nlwatch", "-o", "cat"))

    def test_a_socket_sink_needs_no_drop_in(self):
        printed = self.listen("socat", "-u", "UNIX-LISTEN:/run/listener.sock,mode=666", "STDOUT")
        self.until(lambda: self.box.path("/run/listener.sock").is_socket(), "it listens")
        self.start(config='[[sink]]\nname = "there"\ntype = "socket"\naddress = "/run/listener.sock"\n')
        self.bridge()
        self.until(lambda: '"ifname":"br0"' in printed(), "it is told")

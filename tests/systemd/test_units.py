"""The units by systemd's own judgement. `verify` returns 0 whatever it finds, so any output at all is a failure."""

import re

from systemd.case import UNITS, BoxCase

_SECURITY_MOST = 0.8


class Units(BoxCase):
    def test_verify_has_nothing_to_say(self):
        # The manual is built where scdoc is. Without it the units' Documentation= cannot be found.
        manual = self.box.run("test", "-e", "/usr/share/man/man8/nlwatch.8", check=False).returncode == 0
        for unit in UNITS:
            with self.subTest(unit):
                done = self.box.run("systemd-analyze", "verify", f"--man={'yes' if manual else 'no'}", unit)
                self.assertEqual((done.stdout + done.stderr).decode(), "")

    def test_exposure_of_the_running_service(self):
        self.start()
        shown = self.box.run("systemd-analyze", "security", "--no-pager", "nlwatch.service").stdout.decode()
        exposure = re.search(r"Overall exposure level for nlwatch.service: ([0-9.]+)", shown)
        self.assertIsNotNone(exposure, shown)
        self.assertLessEqual(float(exposure.group(1)), _SECURITY_MOST, shown)

    def test_enabling_the_service_enables_its_sockets(self):
        self.box.systemctl("enable", "nlwatch")
        self.addCleanup(self.box.systemctl, "disable", "nlwatch")
        for unit in UNITS:
            self.assertEqual(self.box.systemctl("is-enabled", unit).stdout, b"enabled\n", unit)

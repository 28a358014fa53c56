"""A reactor that is stuck is noticed and replaced; one that turns is left alone."""

from systemd.case import BoxCase

_IMPATIENT = "[Service]\nWatchdogSec=1\n"


class Watchdog(BoxCase):
    def test_a_stopped_daemon_is_replaced(self):
        pid = self.start(_IMPATIENT)
        self.box.systemctl("kill", "-s", "STOP", "nlwatch")
        self.until_started_anew(pid)
        log = self.journal("-u", "nlwatch", "-o", "cat")
        self.assertIn("Watchdog timeout", log)
        self.assertIn("Failed with result 'watchdog'", log)
        self.assertRegex(self.status_text(), "^following ", "and follows again")

    def test_a_daemon_that_works_is_left_alone(self):
        pid = self.start(_IMPATIENT)
        told = set()

        def often():
            told.add(self.box.show("nlwatch", "WatchdogTimestampMonotonic"))
            return len(told) > 6  # three a second: more than two limits' time
        self.until(often, "it has told that it is alive")
        self.assertEqual(self.main_pid(), pid)
        self.assertEqual(self.box.show("nlwatch", "NRestarts"), "0")

    def test_a_start_without_a_sign_of_life_is_given_up(self):
        """A first pass may take as long as it needs: each ping before READY=1 asks for more time. Here none does."""
        self.box.write("/usr/local/bin/stuck-nlwatch", "#!/bin/sh\nkill -STOP $$\n")
        self.box.path("/usr/local/bin/stuck-nlwatch").chmod(0o755)
        self.write_drop_in("[Service]\nTimeoutStartSec=1\nRestart=no\n"
                           "ExecStart=\nExecStart=/usr/local/bin/stuck-nlwatch\n")
        self.assertNotEqual(self.box.systemctl("start", "nlwatch", check=False).returncode, 0)
        self.assertEqual(self.box.show("nlwatch", "Result"), "timeout")

"""What every command has in common."""

import subprocess

from support.case import DaemonCase
from support.daemon import EXECUTABLE


class CommandLine(DaemonCase):
    def test_it_is_told(self):
        done = self.nlwatch("version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout.decode(), r"\bnlwatch\b.*\d+\.\d+\.\d+")

    def test_a_wrong_command_line(self):
        for argv in (["frobnicate"], ["monitor", "--frobnicate"], ["monitor", "--transition", "state_dwon"], []):
            done = self.namespace.run(EXECUTABLE, *argv, check=False, stdin=subprocess.DEVNULL)
            self.assertEqual(done.returncode, 64, argv)
            self.assertTrue(done.stderr)
            self.assertFalse(done.stdout, argv)

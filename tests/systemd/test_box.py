"""The box itself: what the other tests rely on, and that nothing of it is left."""

import os
import pathlib
import signal
import subprocess
import sys
import unittest

from support import systemd_box
from support.daemon import wait_until

_TESTS = pathlib.Path(__file__).parents[1]
# Boots a box, starts something in it, says PID 1's pid, and waits to be killed.
_VICTIM = """
from support.systemd_box import Box
box = Box()
box.run("systemd-run", "sleep", "infinity")
print(box.pid, flush=True)
input()
"""


def groups():
    """The boxes' control groups, in whichever hierarchy of version 2 this machine has."""
    mounts = pathlib.Path("/proc/self/mounts").read_text().splitlines()
    return {path.name for line in mounts if line.split()[2] == "cgroup2"
            for path in pathlib.Path(line.split()[1]).glob("nlwatch-box-*")}


def lasting_mounts():
    """All but network namespaces, which other tests make and remove meanwhile."""
    return [line for line in pathlib.Path("/proc/self/mounts").read_text().splitlines() if not line.startswith("nsfs ")]


@unittest.skipUnless(systemd_box.available(), "needs root, systemd and namespaces")
class Box(unittest.TestCase):
    def test_runs_commands_inside_and_leaves_nothing(self):
        before = groups()
        mounts = lasting_mounts()
        with systemd_box.Box() as box:
            self.assertEqual(box.run("cat", "/proc/1/comm").stdout, b"systemd\n")
            self.assertEqual(box.run("sh", "-c", "exit 7", check=False).returncode, 7)
            self.assertEqual(box.run("id", "-u", uid=1000, groups=["adm"]).stdout, b"1000\n")
            self.assertEqual(box.run("id", "-G", uid=1000, groups=["adm"]).stdout, b"1000 4\n")
            self.assertEqual(box.run("ls", "/sys/class/net").stdout, b"lo\n")
            box.write("/etc/nlwatch-box-was-here", "x")
            self.assertEqual(box.run("cat", "/etc/nlwatch-box-was-here").stdout, b"x")
            pid = box.pid
        self.assertFalse(os.path.exists(f"/proc/{pid}"))
        self.assertFalse(os.path.exists("/etc/nlwatch-box-was-here"))
        self.assertEqual(groups(), before)
        self.assertEqual(lasting_mounts(), mounts)

    def test_ends_with_the_test_even_if_that_is_killed(self):
        before = groups()
        with subprocess.Popen([sys.executable, "-c", _VICTIM], cwd=_TESTS, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as victim:
            pid = int(victim.stdout.readline())
            victim.send_signal(signal.SIGKILL)
        wait_until(lambda: not os.path.exists(f"/proc/{pid}"), "the box's PID 1 is gone", 60)
        wait_until(lambda: groups() == before, "its control groups are gone", 60)

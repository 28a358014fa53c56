"""The box itself: what the other tests rely on, and that nothing of it is left. These tests run outside of it."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

from support import uml_box
from support.daemon import wait_until

_TESTS = pathlib.Path(__file__).parents[1]
_VICTIM = "from support import uml_box; uml_box.run('sleep', 'infinity', timeout=600)"


def told(*argv):
    """The exit code, and what was written."""
    with tempfile.TemporaryFile() as output:
        code = uml_box.run(*argv, timeout=120, environment={"WORD": "two words"}, folder=_TESTS, stdout=output)
        output.seek(0)
        return code, output.read()


def below(pid):
    """The processes below one, as pids. Those under the other kernel are processes here, too."""
    children = {}
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = status.read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue  # gone since
        children.setdefault(int(parent), []).append(int(status.parent.name))
    found, left = [], [pid]
    while left:
        these = children.get(left.pop(), [])
        found += these
        left += these
    return found


@unittest.skipIf(uml_box.missing(), f"{uml_box.missing()}")
class Box(unittest.TestCase):
    def test_one_command_under_another_kernel(self):
        code, output = told("sh", "-c", 'uname -r; id -u; pwd; echo "$WORD"; ls /sys/class/net; echo error >&2; exit 7')
        release, *rest = output.decode().splitlines()
        self.assertNotEqual(release, os.uname().release)
        self.assertEqual(rest[:3], ["0", str(_TESTS), "two words"])
        self.assertEqual({name for line in rest[3:-1] for name in line.split()}, {"lo", "bonding_masters"})
        self.assertEqual(rest[-1], "error")
        self.assertEqual(code, 7)

    def test_much_output_is_whole_and_the_machine_only_read(self):
        code, output = told("sh", "-c", "seq 50000; touch /etc/nlwatch-box-was-here")
        lines = output.decode().splitlines()
        self.assertEqual(lines[:50000], [str(number) for number in range(1, 50001)])
        self.assertIn("Read-only", lines[50000])
        self.assertNotEqual(code, 0)
        self.assertFalse(os.path.exists("/etc/nlwatch-box-was-here"))

    def test_ends_in_time_and_with_its_caller(self):
        with self.assertRaises(subprocess.TimeoutExpired):
            uml_box.run("sleep", "infinity", timeout=3)
        with subprocess.Popen([sys.executable, "-c", _VICTIM], cwd=_TESTS) as victim:
            wait_until(lambda: len(below(victim.pid)) > 5, "the other kernel runs")
            ours = below(victim.pid)
            victim.send_signal(signal.SIGKILL)
        wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in ours), "all of it is gone")

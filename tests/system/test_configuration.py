"""Broken configurations, each as somebody might write it: what `nlwatch check` and `nlwatch run` say of it.

broken/NAME.txt is what is to be said of broken/NAME.toml. To see what is said now, and take it over where it is right:
  cd tests && NLWATCH=…/nlwatch NLWATCH_ACCEPT=1 python3 -m unittest system.test_configuration && git diff
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from support.case import DaemonCase
from support.daemon import EXECUTABLE

BROKEN = pathlib.Path(__file__).parent / "broken"
SHIPPED = pathlib.Path(__file__).parents[2] / "config" / "nlwatch.toml"
DEFAULT = "/etc/nlwatch/nlwatch.toml"


def nlwatch(*argv, cwd=BROKEN, **options):
    return subprocess.run([EXECUTABLE, *argv], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=20, check=False, **options)


class Broken(unittest.TestCase):
    maxDiff = None

    def test_each_is_told_with_place_caret_and_what_would_be_right(self):
        files = sorted(BROKEN.glob("*.toml"))
        if "no webhooks" in nlwatch("check", "webhooks.toml").stderr:  # a build without them says more, and that first
            files.remove(BROKEN / "webhooks.toml")
        self.assertGreaterEqual(len(files), 20)
        for file in files:
            with self.subTest(file.stem):
                done = nlwatch("check", file.name)
                self.assertEqual((done.returncode, done.stdout), (78, ""))
                expected = file.with_suffix(".txt")
                if os.environ.get("NLWATCH_ACCEPT"):
                    expected.write_text(done.stderr, encoding="utf-8")
                self.assertEqual(done.stderr, expected.read_text(encoding="utf-8"))
                self.assert_form(file.name, done.stderr)

    def assert_form(self, name, text):
        """A line that says so, then three for each error: what, the source, the caret."""
        first, *lines = text.splitlines()
        self.assertEqual(first, "nlwatch: the configuration cannot be used:")
        self.assertEqual(len(lines) % 3, 0, lines)
        places = []
        for what, source, caret in zip(lines[::3], lines[1::3], lines[2::3]):
            place = re.fullmatch(re.escape(name) + r":(\d+):(\d+): error: \S.*", what)
            self.assertTrue(place, what)
            places.append(tuple(map(int, place.groups())))
            self.assertTrue(source.startswith("  "), source)
            self.assertRegex(caret, r"^\s+\^~*$")
        self.assertEqual(places, sorted(places))

    def test_run_says_the_same(self):
        for name in ("unknown_key", "wrong_types", "no_quotes", "latin_1"):
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                done = nlwatch("run", "--dir", folder, "-c", f"{name}.toml")
                self.assertEqual((done.returncode, done.stdout), (78, ""))
                self.assertEqual(done.stderr, (BROKEN / f"{name}.txt").read_text(encoding="utf-8"))
                self.assertEqual(os.listdir(folder), [], "nothing was opened")


class Check(unittest.TestCase):
    def test_a_good_file(self):
        done = nlwatch("check", str(SHIPPED))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, f"{SHIPPED}: good\n", ""))

    def test_what_is_no_file(self):
        with tempfile.TemporaryDirectory() as folder:
            for path, why in ((folder, "this is a folder, not a file"),
                              (f"{folder}/missing.toml", "there is no such file"),
                              ("/dev/zero", "too large: a configuration has at most 1 MiB")):
                for command in (["check", path], ["run", "--dir", folder, "-c", path]):
                    done = nlwatch(*command)
                    self.assertEqual((done.returncode, done.stdout, done.stderr),
                                     (78, "", f"nlwatch: the configuration cannot be used:\n{path}: error: {why}\n"))

    @unittest.skipUnless(os.geteuid() == 0, "only root can become another user")
    def test_a_file_that_this_user_may_not_read(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            path = pathlib.Path(folder, "nlwatch.toml")
            path.write_text("")
            path.chmod(0o600)
            done = nlwatch("check", str(path), user=65534, group=65534, extra_groups=[])
            self.assertEqual(done.returncode, 78)
            self.assertIn(f"{path}: error: user 65534 may not read it", done.stderr)


class DefaultFile(DaemonCase):
    """In a mount namespace of its own, where /etc holds what the test put there."""

    def in_etc(self, text, *command):
        """The command, with `text` as the default file; None: there is no such file, and no folder either."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        if text is not None:
            path = pathlib.Path(folder.name, "nlwatch", "nlwatch.toml")
            path.parent.mkdir()
            path.write_text(text)
        script = 'mount --bind "$1" /etc && shift && exec "$@"'
        return self.namespace.run("unshare", "-m", "sh", "-c", script, "sh", folder.name, EXECUTABLE, *command,
                                  check=False, timeout=20, stdin=subprocess.DEVNULL)

    def test_it_need_not_be_there(self):
        done = self.in_etc(None, "check")
        self.assertEqual((done.returncode, done.stdout.decode()), (0, f"{DEFAULT}: not there, so the defaults hold\n"))
        done = self.in_etc(None, "check", DEFAULT)
        self.assertEqual(done.returncode, 78, "it was named")

    def test_it_is_read_if_it_is_there(self):
        done = self.in_etc("[log]\n", "check")
        self.assertEqual((done.returncode, done.stdout.decode()), (0, f"{DEFAULT}: good\n"))
        with tempfile.TemporaryDirectory() as folder:
            for command in (["check"], ["run", "--dir", folder]):
                done = self.in_etc("[lgo]\n", *command)
                self.assertEqual(done.returncode, 78)
                self.assertIn(f"{DEFAULT}:1:2: error: unknown table [lgo] (did you mean 'log'?)\n", done.stderr.decode())

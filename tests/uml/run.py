"""Tests under another kernel, in a box: what `./dev test --uml` runs.

By hand: cd tests && python3 -B -m uml.run [--all] [--build FOLDER] [--seeds FIRST-LAST] [PART…]
PART: box (tests of the box itself), netns, convergence, or a module of tests such as system.test_tail. Everything takes
several times as long in there; so PARTS, which it runs without one, are those that the kernel matters most to."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

from support import uml_box

_TESTS = pathlib.Path(__file__).resolve().parents[1]
PARTS = ["netns", "uml.test_bond", "uml.test_stacked", "uml.test_storm", "uml.test_clock", "system.test_regression_blind",
         "convergence"]
MORE = ["box", "system.test_regression_links", "system.test_regression_addresses", "system.test_first_light"]
_LONG = "*Disturbed*/8192_to_*"  # of netns: the same as with the smallest buffer, which is the hardest, once more
_TIMEOUT = 1800  # of all parts but the box's, on a machine that is busy with something else
_PYTHON = "/usr/bin/python3"  # Debian's own: another that stands before it on PATH lacks Debian's modules


class Count:
    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def add(self, run, failed, skipped=0):
        self.passed += run - failed - skipped
        self.failed += failed
        self.skipped += skipped

    def __str__(self):
        return f"{self.passed} tests passed, {self.failed} failed, {self.skipped} skipped"


def run_netns(count, program, all_of_it):
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        chosen = [] if all_of_it else [f"--gtest_filter=-{_LONG}"]
        code = subprocess.run([program, "--gtest_brief=1", f"--gtest_output=json:{report}", *chosen]).returncode
        told = json.loads(report.read_text()) if report.exists() else {"tests": 1, "failures": 1}  # it crashed
    skipped = sum(test["result"] == "SKIPPED" for suite in told.get("testsuites", []) for test in suite["testsuite"])
    count.add(told["tests"], max(told["failures"], int(code != 0)), skipped)


def run_module(count, name):
    suite = unittest.defaultTestLoader.loadTestsFromName(name)
    result = unittest.TextTestRunner(sys.stdout, verbosity=2).run(suite)
    errors = len(result.failures) + len(result.errors)
    count.add(max(result.testsRun, errors), errors, len(result.skipped))  # a class that cannot be set up is no test run


def run_seeds(count, seeds):
    from convergence.run import run_seed, seeds_of
    for seed in seeds_of(seeds):
        _, outcome, trouble = run_seed(seed)
        print(f"seed {seed}: {trouble or outcome}", flush=True)
        count.add(1, int(trouble is not None))


def run_parts(parts, options, count):
    for part in parts:
        begin = time.monotonic()
        print(f"== {part}", flush=True)
        if part == "netns":
            run_netns(count, options.build / "tests/netns/netns", options.all)
        elif part == "convergence":
            run_seeds(count, options.seeds)
        else:
            run_module(count, "uml.test_box" if part == "box" else part)
        print(f"== {part}: {time.monotonic() - begin:.0f} s; {count} so far", flush=True)


def boot(parts, options, count):
    """run_parts() in a box, going on from that count; returns the exit code."""
    arguments = ["--build", str(options.build), "--seeds", options.seeds,
                 "--counted", f"{count.passed},{count.failed},{count.skipped}", *(["--all"] if options.all else [])]
    try:
        return uml_box.run(_PYTHON, "-B", "-m", "uml.run", *arguments, *parts, timeout=_TIMEOUT, folder=_TESTS,
                           environment={"NLWATCH": str(options.build / "nlwatch")})
    except subprocess.TimeoutExpired:
        print(f"the box did not come to an end within {_TIMEOUT} s")
        return 1


def main(argv):
    parser = argparse.ArgumentParser(prog="uml.run")
    parser.add_argument("--build", type=lambda text: pathlib.Path(text).resolve(), default=_TESTS.parent / "build/dev")
    parser.add_argument("--seeds", default="1-2")
    parser.add_argument("--counted", help=argparse.SUPPRESS)  # what passed, failed and was skipped: we are in the box
    parser.add_argument("--all", action="store_true", help="all that is known to hold under that kernel")
    parser.add_argument("parts", nargs="*", metavar="PART")
    options = parser.parse_args(argv)
    options.parts = options.parts or PARTS + (MORE if options.all else [])
    if options.counted:
        count = Count(*map(int, options.counted.split(",")))
        run_parts(options.parts, options, count)
        print(count, flush=True)
        return int(count.failed > 0)
    if lacking := uml_box.missing():
        print(lacking)
        return 1
    count = Count()
    run_parts([part for part in options.parts if part == "box"], options, count)
    inside = [part for part in options.parts if part != "box"]
    if inside:
        return boot(inside, options, count)
    print(count)
    return int(count.failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

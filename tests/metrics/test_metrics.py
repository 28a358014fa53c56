"""Holds reference, exposition and alerts to each other and to promtool: test_metrics.py WRITE_METRICS."""

import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "metrics.md"
RULES = ROOT / "config" / "nlwatch.rules.yml"
RULES_TEST = pathlib.Path(__file__).with_name("rules_test.yml")
WRITE_METRICS = sys.argv.pop()


def written(what):
    return subprocess.run([WRITE_METRICS, what], check=True, capture_output=True).stdout


def promtool(*argv, **options):
    return subprocess.run(["promtool", *argv], capture_output=True, text=True, **options)


class Metrics(unittest.TestCase):
    def test_the_reference_is_that_of_the_catalogue(self):
        self.assertEqual(
            REFERENCE.read_text().splitlines(),
            written("reference").decode().splitlines(),
            f"write it anew: {WRITE_METRICS} reference > docs/metrics.md",
        )

    def test_promtool_has_nothing_to_say_of_the_exposition(self):
        checked = promtool("check", "metrics", input=written("exposition").decode())
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))

    def test_promtool_finds_no_fault_with_the_alerts(self):
        checked = promtool("check", "rules", "--lint-fatal", str(RULES))
        self.assertEqual((checked.returncode, checked.stderr), (0, ""), checked.stdout)

    def test_alerts_fire_when_they_should(self):
        tested = promtool("test", "rules", str(RULES_TEST))
        self.assertEqual(tested.returncode, 0, tested.stdout + tested.stderr)

    def test_each_alert_is_tested_both_ways(self):
        cases = RULES_TEST.read_text()
        for alert in re.findall(r"- alert: (\w+)", RULES.read_text()):
            self.assertRegex(cases, rf"alertname: {alert}\}}", "where it does not fire")
            self.assertRegex(cases, rf"alertname: {alert}\n\s+exp_alerts:", "where it fires")

    def test_alerts_speak_of_metrics_that_exist(self):
        exposed = set(re.findall(r"^# TYPE (\w+)", written("exposition").decode(), re.MULTILINE))
        spoken_of = set(re.findall(r"\bnlwatch_\w+", RULES.read_text()))
        self.assertGreater(len(spoken_of), 5)
        self.assertLessEqual(spoken_of, exposed)


if __name__ == "__main__":
    unittest.main(verbosity=2)

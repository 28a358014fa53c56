"""The manual: it names every command, option and key that there is, and no formatter has a complaint."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
PROGRAM, CONFIGURATION, RECORDS = (DOCS / f"{page}.scd" for page in ("nlwatch.8", "nlwatch.toml.5", "nlwatch-records.7"))
NLWATCH = os.environ.get("NLWATCH", "")


def run(*argv, **options):
    return subprocess.run([*map(str, argv)], capture_output=True, text=True, **options)


def help_of(*command):
    shown = run(NLWATCH, *command, "--help")
    assert shown.returncode == 0, shown.stderr
    return shown.stdout


def commands():
    return re.findall(r"^  (\w+) ", help_of().partition("Subcommands:")[2], re.MULTILINE)


def literals(page):
    """The blocks that are shown as they are."""
    return re.findall(r"^```\n(.*?)^```\n", page.read_text(), re.MULTILINE | re.DOTALL)


def keys_of_the_shipped_file():
    """(table, key) of every default in config/nlwatch.toml, which a test of its own holds to what is read."""
    table, keys = None, []
    for line in (DOCS.parent / "config" / "nlwatch.toml").read_text().splitlines():
        if header := re.fullmatch(r"#?(\[.*\])", line):
            table = header[1]
        elif key := re.match(r"#(\w+) = |#   (\w+) = ", line):
            keys.append((table, key[1] or key[2]))
    return keys


def section(page, title):
    """Without what it shows literally, in which a line may begin with '# ', too."""
    text = re.sub(r"^```\n.*?^```\n", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.search(rf"^# {re.escape(title)}$(.*?)(?=^# |\Z)", text, re.MULTILINE | re.DOTALL)[1]


class Contents(unittest.TestCase):
    def test_every_command_and_option_is_told_of(self):
        found = commands()
        self.assertGreater(len(found), 8)
        page = PROGRAM.read_text()
        for command in found:
            self.assertRegex(page, rf"(?m)^\*{command}\*", command)
            for option in set(re.findall(r"^  (?:(-\w),)?(--[\w-]+)", help_of(command), re.MULTILINE)):
                for word in filter(None, option):
                    if word == "-h" or word == "--help":
                        continue
                    self.assertIn(f"*{word}*", page, f"of {command}")

    def test_every_option_it_tells_of_is_there(self):
        known = " ".join(help_of(command) for command in commands())
        for word in set(re.findall(r"\*(--?[\w-]+)\*", PROGRAM.read_text())):
            self.assertRegex(known, rf"(?<![\w-]){re.escape(word)}(?![\w-])")

    def test_the_commands_it_shows_can_be_understood(self):
        """A wrong option is told before a missing daemon is: exit code 64."""
        shown = re.findall(r"nlwatch (?!run|monitor)(\w+(?: [^|&\n]+)?)", "\n".join(literals(PROGRAM)))
        self.assertGreater(len(shown), 3)
        with tempfile.TemporaryDirectory() as nobody:
            for words in shown:
                done = run("sh", "-c", f"exec {NLWATCH} {words} --dir {nobody}", timeout=20)
                self.assertEqual(done.returncode, 69, f"{words}: {done.stderr}")

    def test_every_key_is_told_of(self):
        keys = keys_of_the_shipped_file()
        self.assertGreater(len(keys), 25)
        for table, key in keys:
            if table == "[tags]":
                continue  # the reader's own
            self.assertRegex(section(CONFIGURATION, table), rf"\*{key}\* = |_{key} = ", f"{table} {key}")

    def test_its_defaults_are_those_of_the_program(self):
        shipped = (DOCS.parent / "config" / "nlwatch.toml").read_text()
        told = []
        for line in re.findall(r"^\*\w+\* = .*$", CONFIGURATION.read_text(), re.MULTILINE):
            told += re.findall(r"\*(\w+)\* = (.*?)(?=, \*\w+\* = |$)", line)
        self.assertGreater(len(told), 20)
        for key, value in told:
            self.assertIn(f"\n#{key} = {value}\n".replace("\\", ""), shipped)

    def test_its_configurations_are_good(self):
        shown = [block for block in literals(CONFIGURATION) if block.startswith("[")]
        self.assertGreater(len(shown), 3)
        with tempfile.TemporaryDirectory() as folder:
            for text in shown:
                path = pathlib.Path(folder) / "nlwatch.toml"
                path.write_text(text)
                checked = run(NLWATCH, "check", path)
                if "this build has no webhooks" in checked.stderr:
                    self.assertIn('type = "webhook"', text)
                    continue
                self.assertEqual((checked.returncode, checked.stderr), (0, ""), text)

    def test_every_word_of_the_schema_is_told_of(self):
        schema = json.loads((DOCS / "schema" / "record.schema.json").read_text())
        page = RECORDS.read_text()
        words = set()
        def collect(node, inside):
            if isinstance(node, dict):
                for name, value in node.items():
                    if name in ("enum", "const", "examples") and inside in ("type", "origin", "transitions", "reason"):
                        words.update(word for word in (value if isinstance(value, list) else [value])
                                     if isinstance(word, str))
                    collect(value, name if name in ("type", "origin", "transitions", "reason") else inside)
            elif isinstance(node, list):
                for value in node:
                    collect(value, inside)
        collect(schema.get("properties", {}), None)
        collect(schema["$defs"]["object_record"], None)
        members = set(schema["properties"]) | set(schema["$defs"]["object_record"].get("properties", {}))
        self.assertGreater(len(members), 4)
        for word in sorted(words | members):
            self.assertIn(word, page)

    def test_its_fold_is_that_of_the_readme(self):
        fold = re.search(r"jq -n '(reduce .*?)'", (DOCS.parent / "README.md").read_text())[1]
        shown = re.search(r"jq -n '(reduce .*?)'", RECORDS.read_text(), re.DOTALL)[1]
        self.assertEqual(" ".join(shown.split()), fold)


@unittest.skipUnless(shutil.which("scdoc"), "scdoc is not there")
class Form(unittest.TestCase):
    def test_nobody_complains(self):
        for page in (PROGRAM, CONFIGURATION, RECORDS):
            with self.subTest(page.name), tempfile.TemporaryDirectory() as folder:
                made = run("scdoc", input=page.read_text(), env={**os.environ, "SOURCE_DATE_EPOCH": "0"})
                self.assertEqual((made.returncode, made.stderr), (0, ""))
                path = pathlib.Path(folder) / page.stem
                path.write_text(made.stdout)
                if shutil.which("groff"):
                    shown = run("groff", "-ww", "-t", "-man", "-Tutf8", "-z", path)
                    self.assertEqual((shown.returncode, shown.stderr), (0, ""))
                if shutil.which("man"):
                    shown = run("man", "--warnings=all", "--encoding=UTF-8", "-Tutf8", "-l", path,
                                env={**os.environ, "LC_ALL": "C.UTF-8", "MANPAGER": "cat"})
                    self.assertEqual((shown.returncode, shown.stderr), (0, ""))

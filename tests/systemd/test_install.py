"""What `cmake --install` puts where, and that the units name the program there."""

import pathlib
import subprocess
import unittest

from systemd.case import BUILD, UNITS, installed


def files(tree):
    return {"/" + str(path.relative_to(tree)) for path in pathlib.Path(tree).rglob("*") if not path.is_dir()}


class Install(unittest.TestCase):
    def test_everything_is_in_its_place(self):
        with installed() as tree:
            present = files(tree)
            self.assertLessEqual({
                "/usr/bin/nlwatch",
                *(f"/usr/lib/systemd/system/{unit}" for unit in UNITS),
                "/usr/share/nlwatch/nlwatch.toml",
                "/usr/share/nlwatch/nlwatch.rules.yml",
                "/usr/share/nlwatch/record.schema.json",
            }, present)
            if pathlib.Path(BUILD, "docs", "nlwatch.8").exists():  # where scdoc is
                self.assertLessEqual({f"/usr/share/man/{page}" for page in (
                    "man5/nlwatch.toml.5", "man7/nlwatch-records.7", "man8/nlwatch.8")}, present)
            self.assertEqual([path for path in present if not path.startswith("/usr/")], [],
                             "nothing outside the prefix, and no configuration that somebody may have edited")
            version = subprocess.run([f"{tree}/usr/bin/nlwatch", "version"], capture_output=True, text=True)
            self.assertEqual((version.returncode, version.stderr), (0, ""))

    def test_the_units_name_the_program_where_it_was_installed(self):
        for prefix in ("/usr", "/opt/nlwatch"):
            with self.subTest(prefix), installed(prefix) as tree:
                unit = pathlib.Path(f"{tree}{prefix}/lib/systemd/system/nlwatch.service").read_text()
                self.assertIn(f"\nExecStart={prefix}/bin/nlwatch run\n", unit)
                self.assertIn(f"\nExecReload=+{prefix}/bin/nlwatch reload\n", unit)
                self.assertNotIn("@bindir@", unit)
                self.assertNotIn(tree, unit)

    def test_nothing_names_the_machine_that_built_it(self):
        with installed() as tree:
            for path in pathlib.Path(tree).rglob("*"):
                if path.is_file() and path.name != "nlwatch":
                    self.assertNotIn(str(pathlib.Path(__file__).parents[2]), path.read_text(), path)

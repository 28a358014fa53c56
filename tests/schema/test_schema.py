"""Holds the published schema against lines of every type: test_schema.py PROGRAM, which writes them."""

import copy
import json
import pathlib
import subprocess
import sys
import unittest

import jsonschema

PATH = pathlib.Path(__file__).parents[2] / "docs" / "schema" / "record.schema.json"
PROGRAM = sys.argv.pop()

TYPES = {"hello", "snapshot.begin", "snapshot.end", "gap", "bookmark", "resync.begin", "resync.end", "reload", "error",
         *(f"{kind}.{op}" for kind in ("link", "address") for op in ("added", "changed", "removed"))}


def validator(document):
    cls = jsonschema.validators.validator_for(document)
    cls.check_schema(document)
    return cls(document)


def closed(document):
    """The schema, with objects that may have no other members than those that it names."""
    document = copy.deepcopy(document)
    frames = {name for name in document["$defs"] if name in TYPES} | {"object_record"}
    for name, part in document["$defs"].items():
        if "properties" in part and name not in frames:
            part["additionalProperties"] = False
    return document


class SchemaTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        lines = subprocess.run([PROGRAM], check=True, stdout=subprocess.PIPE).stdout.decode().splitlines()
        cls.records = [json.loads(line) for line in lines]
        cls.document = json.loads(PATH.read_text())
        cls.schema = validator(cls.document)

    def check(self, schema, record):
        error = jsonschema.exceptions.best_match(schema.iter_errors(record))
        if error is not None:
            self.fail(f"{error.json_path}: {error.message}\n  in: {json.dumps(record)}")

    def one(self, kind):
        return copy.deepcopy(next(record for record in self.records
                                  if record["type"] == kind and record.get("origin") != "snapshot"))

    def test_every_type_is_written(self):
        self.assertEqual({record["type"] for record in self.records}, TYPES)

    def test_every_line_is_valid(self):
        for record in self.records:
            self.check(self.schema, record)

    def test_every_member_of_an_object_is_described(self):
        schema = validator(closed(self.document))
        for record in self.records:
            self.check(schema, record)

    def test_every_described_member_is_written(self):
        """… by some object: nothing in the schema is made up."""
        def names(value):
            if isinstance(value, dict):
                for name, inner in value.items():
                    yield name
                    yield from names(inner)
            elif isinstance(value, list):
                for inner in value:
                    yield from names(inner)

        written = {name for record in self.records for name in names(record)}
        described = {name for part in self.document["$defs"].values() for name in part.get("properties", ())}
        self.assertEqual(described - written, set())

    def test_what_must_be_there_must_be_there(self):
        for kind in TYPES:
            common = ("schema", "type") if kind == "error" else ("schema", "type", "run", "seq")
            particular = {
                "hello": ("version", "time", "monotonic_us", "host", "netns", "kinds"),
                "snapshot.end": ("settled", "counts"),
                "gap": ("to", "reason"),
                "resync.begin": ("time", "monotonic_us", "resync", "cause", "lost", "receive_buffer"),
                "resync.end": ("time", "resync", "duration_s", "passes", "interrupted", "lost", "repaired"),
                "reload": ("time", "monotonic_us"),
                "error": ("message",),
            }.get(kind, ())
            if kind.startswith(("link.", "address.")):
                particular = ("origin", "time", "monotonic_us", "key", "netns", "transitions", "object")
                particular += {"changed": ("before",), "removed": ("reason",)}.get(kind.split(".")[1], ())
            for name in (*common, *particular):
                record = self.one(kind)
                del record[name]
                self.assertFalse(self.schema.is_valid(record), f"{kind} without {name}")

    def test_a_wrong_value_is_refused(self):
        for path, wrong in (("seq", -1), ("seq", "1"), ("run", "4F1C2A9BE07D4C55"), ("schema", 2), ("time", "13:20:30"),
                            ("key", ""), ("transitions", None), ("object/mtu", "1500"), ("object/ifindex", 0),
                            ("object/flags", ["UP", 1]), ("object/carrier", None), ("before", []), ("object", [])):
            record = self.one("link.changed")
            *way, last = path.split("/")
            target = record
            for name in way:
                target = target[name]
            target[last] = wrong
            self.assertFalse(self.schema.is_valid(record), f"{path}: {wrong!r}")

    def test_what_is_new_is_welcome(self):
        """Changes are additive, so a schema of today must take a daemon of tomorrow."""
        changed = self.one("link.changed")
        changed |= {"new": 1, "origin": "oracle", "transitions": ["turned_purple"]}
        changed["object"] |= {"new": {"a": 1}, "operstate": "SLEEPING", "linkinfo": {"info_kind": "wormhole", "info_data": {"a": 1}}}
        self.check(self.schema, changed)
        self.check(self.schema, {"schema": 1, "run": "0" * 16, "seq": 1, "type": "weather", "wind": 7})
        route = self.one("link.added") | {"type": "route.added", "object": {"dst": "default"}}
        self.check(self.schema, route)


if __name__ == "__main__":
    unittest.main()

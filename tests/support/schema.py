"""Validates records against the published JSON Schema."""

import json
import pathlib

import jsonschema

PATH = pathlib.Path(__file__).parents[2] / "docs" / "schema" / "record.schema.json"


class Schema:
    """Validation is slow in Python, so records alike in shape (the same members, nested too) are checked once."""

    def __init__(self):
        document = json.loads(PATH.read_text())
        cls = jsonschema.validators.validator_for(document)
        cls.check_schema(document)
        self._validator = cls(document)

    def check(self, record):
        error = jsonschema.exceptions.best_match(self._validator.iter_errors(record))
        if error is not None:
            raise AssertionError(f"{error.json_path}: {error.message}\n  in: {json.dumps(record)}")

"""What iproute2 says, as JSON: the oracle's witness."""

import codecs
import json
import re

_CONTROL = re.compile(r"[\x00-\x1f]")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
# One U+FFFD for every bad byte, as in nlwatch's records; Python's own "replace" makes one of several.
codecs.register_error("each-byte", lambda error: ("\ufffd" * (error.end - error.start), error.end))


def repair(output):
    """The output of `ip -j` as valid JSON text: it prints bad UTF-8 and most control bytes of a name as they are."""
    text = output.decode("utf-8", errors="each-byte")
    return _STRING.sub(lambda match: _CONTROL.sub(lambda byte: f"\\u{ord(byte[0]):04x}", match[0]), text)


def show(namespace, *what):
    """The rows of `ip -j -d WHAT`, for example show(namespace, "link")."""
    rows = json.loads(repair(namespace.ip("-j", "-d", *what).stdout))
    return [row for row in rows if row]  # iproute2 prints {} for what it leaves out

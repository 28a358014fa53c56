"""Deliveries judged by other people's code: npm's standardwebhooks and cloudevents, in the program webhooks.js."""

import fcntl
import json
import os
import pathlib
import re
import subprocess
import unittest
from typing import NamedTuple

from support import daemon

_PACKAGES = {"standardwebhooks": "1.0.0", "cloudevents": "8.0.2"}
_PROGRAM = pathlib.Path(__file__).with_name("webhooks.js")


class Verdict(NamedTuple):
    """None where it is well, else what is wrong in words; and the CloudEvents, none if they are not."""
    signature: str | None
    envelope: str | None
    events: list


def judged(requests, secret=None):
    """A verdict for each of the receiver's requests. secret: "whsec_…"; without it no signature is asked for."""
    lines = [json.dumps({"headers": it.headers, "body": it.body.decode(), "secret": secret}) for it in requests]
    done = subprocess.run(["node", _PROGRAM], input="\n".join(lines), capture_output=True, text=True, timeout=120,
                          check=False, env={**os.environ, "NODE_PATH": str(_installed() / "node_modules")})
    assert done.returncode == 0, done.stderr
    verdicts = [Verdict(**json.loads(line)) for line in done.stdout.splitlines()]
    assert len(verdicts) == len(lines), done.stdout
    return verdicts


def _installed():
    """The folder of the packages, beside the built program. The first who asks installs them; others wait for it."""
    folder = pathlib.Path(daemon.EXECUTABLE).resolve().parent / "npm"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if any(_version(folder, name) != version for name, version in _PACKAGES.items()):
            done = subprocess.run(
                ["npm", "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts",
                 "--prefix", folder, *(f"{name}@{version}" for name, version in _PACKAGES.items())],
                capture_output=True, text=True, timeout=120, check=False)
            # Where the registry cannot be reached nobody can judge; a package that it does not have is our mistake.
            if done.returncode != 0 and not re.search("E404|ETARGET", done.stderr):
                raise unittest.SkipTest(f"npm's libraries cannot be had here: {done.stderr}")
            assert done.returncode == 0, done.stderr
    return folder


def _version(folder, name):
    try:
        return json.loads((folder / "node_modules" / name / "package.json").read_text())["version"]
    except FileNotFoundError:
        return None

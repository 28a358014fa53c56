"""Certificates for receivers, made by the openssl command in a folder that the caller owns."""

import pathlib
import subprocess
from typing import NamedTuple


class Identity(NamedTuple):
    """Paths of PEM files."""
    certificate: str
    key: str


class Authority:
    """Vouches for who asks. `certificate` is what clients have to know."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._issued = 0
        self._own = self._paths("authority")
        _openssl("req", "-x509", *_NEW_KEY, "-subj", "/O=nlwatch tests/CN=authority", "-keyout", self._own.key,
                 "-out", self.certificate)

    @property
    def certificate(self):
        return self._own.certificate

    def issue(self, names, days=30):
        """For a subjectAltName such as "DNS:hooks.test,IP:127.0.0.1"; expired if `days` is negative."""
        self._issued += 1
        made = self._paths(f"issued-{self._issued}")
        request = made.certificate + ".csr"
        _openssl("req", "-new", *_NEW_KEY, "-subj", "/CN=receiver", "-addext", f"subjectAltName={names}",
                 "-keyout", made.key, "-out", request)
        _openssl("x509", "-req", "-copy_extensions", "copy", "-CAcreateserial", "-days", str(days),
                 "-CA", self.certificate, "-CAkey", self._own.key, "-in", request, "-out", made.certificate)
        return made

    def _paths(self, name):
        return Identity(str(self._folder / f"{name}.pem"), str(self._folder / f"{name}.key"))


_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")


def _openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"openssl {arguments}: {done.stderr}"

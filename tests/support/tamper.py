"""A man in the middle of a stream: serves a daemon's own stream from another folder, spoilt on the way."""

import json
import pathlib
import socket
import tempfile
import threading


def change_mtu(ifname, mtu):
    def spoil(record):
        if record["type"].startswith("link.") and record["object"]["ifname"] == ifname:
            record["object"]["mtu"] = mtu
        return [record]
    return spoil


def forget(local):
    """Hides an address."""
    def spoil(record):
        return [] if record.get("object", {}).get("local") == local else [record]
    return spoil


def invent_link(ifname, ifindex):
    """A link that is not there, behind the first row of the snapshot."""
    def spoil(record):
        if record.get("origin") != "snapshot" or record["object"]["ifname"] != "lo" or "mtu" not in record["object"]:
            return [record]
        key = "/".join([*record["key"].split("/")[:2], str(ifindex)])
        ghost = {**record, "key": key, "object": {**record["object"], "ifname": ifname, "ifindex": ifindex}}
        return [record, ghost]
    return spoil


class Tampered:
    """Used with `with`, which gives the folder. spoil: record -> the records in its place."""

    def __init__(self, stream, spoil):
        self._stream, self._spoil = str(stream), spoil

    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="nlwatch-test-")
        path = pathlib.Path(self._directory.name) / "stream.sock"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen()
        self._sockets = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self._directory.name

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        for each in self._sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # closed since
        self._thread.join()
        self._listener.close()
        self._directory.cleanup()

    def _serve(self):
        relays = []
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                break
            far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            far.connect(self._stream)
            self._sockets += [near, far]
            relays.append(threading.Thread(target=self._relay, args=(far, near), daemon=True))
            relays[-1].start()
        for relay in relays:
            relay.join()

    def _relay(self, far, near):
        with far, near, far.makefile("rb") as lines:
            try:
                for line in lines:
                    for record in self._spoil(json.loads(line)):
                        near.sendall(json.dumps(record).encode() + b"\n")
            except OSError:
                pass  # the reader has gone

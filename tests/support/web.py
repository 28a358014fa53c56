"""HTTP as tests speak it: requests over a daemon's sockets, readers of /v1/events, and the series of a scrape."""

import http.client
import socket

from support.reader import Client


class UnixConnection(http.client.HTTPConnection):
    """To the socket at `path`; the Host is localhost."""

    def __init__(self, path, timeout=20):
        super().__init__("localhost", timeout=timeout)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def ask(path, target, method="GET", timeout=20):
    """One request over the socket at `path`: status and body."""
    connection = UnixConnection(path, timeout)
    try:
        connection.request(method, target)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def series(text):
    """name{labels} -> value, as an exposition has them."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def scrape(path):
    """The series that the daemon's HTTP socket at `path` tells now."""
    status, body = ask(path, "/metrics")
    assert status == 200, body
    return series(body.decode())


class Follower(Client):
    """Reads /v1/events. `lines` are the records, whatever they came in; `id` is an SSE reader's Last-Event-ID."""

    def __init__(self, hub, path, target="/v1/events", sse=False, last_id=None, **options):
        reading = options.pop("reading", True)
        super().__init__(hub, path, reading=False, **options)
        self.sse = sse
        self.id = last_id
        self.head = None  # of the answer, once there
        self._raw = b""
        self._chunk = 0   # bytes of it that are still to come, its end included
        self._event = b""
        self._next_id = last_id
        fields = ["Host: localhost", f"Accept: {'text/event-stream' if sse else 'application/x-ndjson'}"]
        if last_id:
            fields.append(f"Last-Event-ID: {last_id}")
        self.socket.send("\r\n".join([f"GET {target} HTTP/1.1", *fields, "", ""]).encode())
        if reading:
            self.resume()

    def decoded(self, data):
        self._raw += data
        if self.head is None:
            head, end, rest = self._raw.partition(b"\r\n\r\n")
            if not end:
                return b""
            self.head, self._raw = head.decode(), rest
            assert self.head.startswith("HTTP/1.1 200 "), self.head
            assert "\r\nTransfer-Encoding: chunked" in self.head, self.head
        body = self._unchunked()
        return self._data_of_events(body) if self.sse else body

    def _unchunked(self):
        body = b""
        while self._raw:
            if not self._chunk:
                size, end, rest = self._raw.partition(b"\r\n")
                if not end:
                    break
                self._chunk, self._raw = int(size, 16) + 2, rest
                continue
            piece, self._raw = self._raw[:self._chunk], self._raw[self._chunk:]
            body += piece[:max(0, self._chunk - 2)]
            self._chunk -= len(piece)
        return body

    def _data_of_events(self, body):
        """As a browser reads them: an event, and its id, count when the empty line behind them is there."""
        *lines, self._event = (self._event + body).split(b"\n")
        data = b""
        at = 0
        for number, line in enumerate(lines):
            if line:
                continue
            for field in lines[at:number]:
                name, _, value = field.partition(b": ")
                if name == b"id":
                    self.id = value.decode()
                elif name == b"data":
                    data += value + b"\n"
                else:
                    assert field == b":", field
            at = number + 1
        self._event = b"\n".join([*lines[at:], self._event])
        return data

"""Readers of a stream socket: one thread reads for all of them, so that a test is never the slow one by accident."""

import collections
import json
import selectors
import socket
import threading
import time

from support.laws import LawfulFold

_parsed = collections.OrderedDict()  # the same line reaches many readers; parsed once. Records are never modified
_PARSED_MOST = 50_000


def parse(line):
    record = _parsed.get(line)
    if record is None:
        record = _parsed[line] = json.loads(line)
        if len(_parsed) > _PARSED_MOST:
            _parsed.popitem(last=False)
    return record


class Hub:
    """The thread. Closed with the test."""

    def __init__(self):
        self._selector = selectors.DefaultSelector()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._selector.register(self._wake_reader, selectors.EVENT_READ)
        self._pending = collections.deque()
        self._running = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def add(self, client):
        self._pending.append(client)
        self._wake_writer.send(b".")

    def close(self):
        self._running = False
        self._wake_writer.send(b".")
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            if key.data is not None:
                key.fileobj.close()
        self._selector.close()
        self._wake_reader.close()
        self._wake_writer.close()

    def _run(self):
        while self._running:
            for key, _ in self._selector.select():
                if key.data is None:
                    self._wake_reader.recv(4096)
                elif not key.data.receive():
                    self._selector.unregister(key.fileobj)
                    key.fileobj.close()
            while self._pending:
                client = self._pending.popleft()
                self._selector.register(client.socket, selectors.EVENT_READ, client)


class Client:
    """One connection. Lines arrive by themselves (unless `reading` is False, until resume()); advance() folds them."""

    def __init__(self, hub, path, reading=True, filtered=False, scope=None):
        """scope: the words of the filter that it asked for, one pattern each."""
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(str(path))
        self.socket.setblocking(False)
        self.scope = scope or {}
        self.fold = LawfulFold(filtered or bool(scope))
        self.lines = []      # whole lines, as bytes without the newline
        self.ended = False   # whether the daemon has closed
        self._hub = hub
        self._reading = reading
        self._rest = b""
        self._folded = 0
        self._arrived = threading.Condition()
        if reading:
            hub.add(self)

    def resume(self):
        self._reading = True
        self._hub.add(self)

    def receive(self, most=1 << 18):
        """Called by the hub, or for a connection that it does not read by the test. False = the end."""
        try:
            data = self.socket.recv(most)
        except BlockingIOError:
            return True
        except OSError:
            data = b""
        with self._arrived:
            *whole, self._rest = (self._rest + self.decoded(data)).split(b"\n")
            self.lines += whole
            self.ended = not data
            self._arrived.notify_all()
        return bool(data)

    def decoded(self, data):
        """The lines that are within what was received; here they are that."""
        return data

    @property
    def torn(self):
        """What stands after the last newline: nothing, once the daemon has closed in order."""
        return self._rest

    def records(self):
        return [parse(line) for line in list(self.lines)]

    def advance(self):
        """Folds what has arrived, under the laws; returns how many lines that were."""
        arrived = len(self.lines)
        for line in self.lines[self._folded:arrived]:
            self._folded += 1
            self.fold.apply(parse(line))
        return arrived

    def wait(self, seconds):
        """Returns as soon as something arrives, or after so long."""
        with self._arrived:
            if len(self.lines) == self._folded and not self.ended:
                self._arrived.wait(seconds)

    def until(self, condition, timeout=60):
        """Folds until condition(fold) holds; returns what it gave."""
        deadline = time.monotonic() + timeout
        while True:
            self.advance()
            result = condition(self.fold)
            if result:
                return result
            if self.ended and len(self.lines) == self._folded:
                raise AssertionError(f"the stream ended early; the last of {len(self.lines)} lines: {self.lines[-1:]}")
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain; the last of {len(self.lines)} lines: {self.lines[-1:]}")
            self.wait(0.1)

    def until_record(self, condition, since=0, timeout=60):
        """The first record from line `since` on for which the condition holds."""
        return self.until(lambda _: next((record for record in map(parse, self.lines[since:self._folded])
                                          if condition(record)), None), timeout)

    def until_end(self, timeout=60):
        """Waits for the daemon's close; all of it is folded then."""
        deadline = time.monotonic() + timeout
        while not self.ended and time.monotonic() < deadline:
            self.advance()
            self.wait(0.1)
        self.advance()
        assert self.ended, "the daemon did not close the connection"

    def close(self):
        if not self._reading:
            self.socket.close()
        elif not self.ended:
            try:
                self.socket.shutdown(socket.SHUT_RDWR)  # the hub, which owns it, sees the end and closes it
            except OSError:
                pass  # closed since


def read_level(first, second, timeout=60):
    """Folds both until they are as of the same seq; equal folds is then what they owe."""
    deadline = time.monotonic() + timeout
    while True:
        first.advance()
        second.advance()
        if first.fold.whole() and second.fold.whole() and first.fold.seq == second.fold.seq:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"one has read up to {first.fold.seq}, the other to {second.fold.seq}")
        behind = first if not first.fold.whole() or first.fold.seq < (second.fold.seq or 0) else second
        behind.wait(0.1)

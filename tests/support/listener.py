"""Listeners of lines on real sockets, that read, stop to read, die, and judge nothing."""

import json
import os
import socket
import threading


class Listener:
    """Takes connections at a path, or at a TCP port of a namespace, and keeps what each one brings."""

    def __init__(self, path=None, namespace=None, port=0, reading=True):
        """reading: else nothing is read until resume()."""
        if path:
            self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._listener.bind(path)
        else:
            self._listener = namespace.socket(socket.AF_INET, socket.SOCK_STREAM)
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)  # TCP's own may be megabytes
            self._listener.bind(("127.0.0.1", port))
        self._path = path
        self._listener.listen()
        self.address = path or "127.0.0.1:%d" % self._listener.getsockname()[1]
        self.brought = []  # bytes, by connection
        self._current = None
        self._cut = False
        self._reading = threading.Event()
        if reading:
            self._reading.set()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stall(self):
        self._reading.clear()

    def resume(self):
        self._reading.set()

    def die(self):
        """Takes nothing more, reads what was taken, and is gone: what it has brought is all that was sent. (Unix.)"""
        self._end(socket.SHUT_RD)

    def bite(self):
        """Reads into the midst of a line of what waits for one that was stalled until it was full."""
        self.brought[-1] += self._current.recv(10)
        while self.brought[-1].endswith(b"\n"):
            self.brought[-1] += self._current.recv(1)

    def reset(self):
        """Is gone, and with it what it was sent and had not read. (TCP.)"""
        self._cut = True
        self._end(socket.SHUT_RDWR)

    def lines(self):
        """Records, of all connections. Only a connection's last line may be torn."""
        return [json.loads(line) for data in self.brought for line in data.split(b"\n")[:-1]]

    def _end(self, how):
        self._listener.shutdown(socket.SHUT_RDWR)
        if self._current:
            try:
                self._current.shutdown(how)
            except OSError:
                pass  # gone already
        self._reading.set()
        self._thread.join()
        self._listener.close()
        if self._path and os.path.exists(self._path):
            os.unlink(self._path)

    def close(self):
        if self._thread.is_alive():
            self._end(socket.SHUT_RDWR)

    def _serve(self):
        while True:
            try:
                self._current, _ = self._listener.accept()
            except OSError:
                return
            self.brought.append(b"")
            with self._current as connection:
                while self._reading.wait() and not self._cut:
                    try:
                        data = connection.recv(1 << 16)
                    except OSError:
                        break
                    if not data:
                        break
                    self.brought[-1] += data

"""A relay in front of a daemon's HTTP socket, which can cut what goes through it at any byte."""

import socket
import tempfile
import threading


class Relay:
    """`directory` has an http.sock of its own. Connections are served one at a time."""

    def __init__(self, path):
        self._path = str(path)
        self._folder = tempfile.TemporaryDirectory(prefix="nlwatch-test-")
        self.directory = self._folder.name
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self.directory + "/http.sock")
        self._listener.listen()
        self._ends = ()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def cut(self):
        """Ends the connection that there is; whatever is on its way is lost."""
        for end in self._ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # closed since

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self.cut()
        self._thread.join()
        self._listener.close()
        self._folder.cleanup()

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            daemon = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            with client, daemon:
                try:
                    daemon.connect(self._path)
                    self._ends = (client, daemon)
                    daemon.sendall(client.recv(65536))  # a request of one piece
                    while data := daemon.recv(777):     # an odd number: within chunks, and within lines
                        client.sendall(data)
                except OSError:
                    pass  # cut

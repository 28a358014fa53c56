"""Receivers of webhooks on real sockets, that treat each request as a script says, and judge nothing.

    with Receiver([answer(503), hang(), reset()]) as receiver:   # and 204 from the fourth request on
        … url = receiver.url("/hook") …
        first, *others = receiver.wait_for(4)
"""

import json
import select
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus

from support.namespace import socket_in


# What can be done with a request: functions that are given a Connection and return whether it may serve another one.

def answer(status=204, headers=None, body=b"", close=False):
    """A whole answer. headers: name -> value; close: behind it, without a word of it before."""
    length = {} if status == HTTPStatus.NO_CONTENT else {"Content-Length": len(body)}

    def behave(connection):
        connection.send(_head(status, {**length, **(headers or {})}) + body)
        return not close
    return behave


def hang():
    """No answer; the connection stays open as long as the client likes."""
    return _hang


def _hang(connection):
    connection.wait_for_close()
    return False


def close():
    """No answer, and the connection's end."""
    return lambda connection: False


def reset():
    """No answer, and a RST."""
    def behave(connection):
        connection.reset()
        return False
    return behave


def half_header(then=None):
    """An answer that breaks off in its header. then: another behaviour, such as hang(); else the connection ends."""
    def behave(connection):
        connection.send(_head(200, {"Content-Length": 2})[:-9])
        return (then or close())(connection)
    return behave


def drip(every=1.0):
    """A good answer, a byte at a time, each `every` seconds."""
    def behave(connection):
        for byte in _head(200, {"Content-Length": 2}) + b"{}":
            connection.send(bytes([byte]))
            if connection.receiver.closing.wait(every):
                return False
        return True
    return behave


def endless():
    """An answer whose body does not end."""
    def behave(connection):
        connection.send(_head(200, {}))
        while not connection.receiver.closing.is_set():
            connection.send(b"x" * 65536)
        return False
    return behave


def later(seconds, behaviour):
    """The same, after a while."""
    def behave(connection):
        connection.receiver.closing.wait(seconds)
        return behaviour(connection)
    return behave


def tunnel(receiver):
    """What a proxy does with a CONNECT: leads to that receiver, wherever the client wanted to go."""
    def behave(connection):
        with receiver.dial() as there:
            connection.send(_head(200, {}))
            connection.join(there)
        return False
    return behave


@dataclass(frozen=True)
class Request:
    time: float         # time.monotonic(), when all of it was there
    client: str         # its address, without the port
    connection: int     # counted from 0
    method: str
    target: str
    headers: dict = field(repr=False)  # names in lower case
    body: bytes = field(repr=False)

    @property
    def json(self):
        return json.loads(self.body)


@dataclass(frozen=True)
class Tls:
    """How a receiver shows itself. clients: PEM file of the authority whose certificates it demands of them."""
    identity: tuple  # certificates.Identity
    clients: str | None = None

    def context(self):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(*self.identity)
        if self.clients:
            made.verify_mode = ssl.CERT_REQUIRED
            made.load_verify_locations(self.clients)
        return made


class Receiver:
    """Listening from construction; close() ends every connection. Everything public may be read at any time."""

    def __init__(self, script=(), then=None, address="127.0.0.1", port=0, namespace=None, tls=None):
        """script: a behaviour for each of the first requests; then: for all behind them, else they are answered by 204.

        namespace: the name of the one that it listens in, else the test's own. port: 0 is any."""
        self.requests = []   # in the order in which they were there
        self.connections = 0
        self.refusals = []   # handshakes that failed, in words
        self.closing = threading.Event()
        self._script = list(script)
        self._then = then or answer()
        self._tls = tls.context() if tls else None
        self._changed = threading.Condition()
        self._open = set()
        self._threads = []
        self._namespace = namespace
        self._family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener = self._socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((address, port))
        self._listener.listen(64)
        self.address, self.port = self._listener.getsockname()[:2]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def url(self, target="/", host=None):
        """host: a name that leads here, else the address."""
        host = host or (f"[{self.address}]" if ":" in self.address else self.address)
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{target}"

    def script(self, *behaviours, then=None):
        """From now on, instead of what was to come."""
        with self._changed:
            self._script = list(behaviours)
            self._then = then or answer()

    def dial(self):
        """A connection to it, from its own namespace."""
        connection = self._socket()
        connection.connect((self.address, self.port))
        return connection

    def wait_for(self, count, timeout=60):
        """The requests, as soon as there are so many."""
        return self.wait_until(lambda requests: len(requests) >= count, f"{count} requests are there", timeout)

    def wait_until(self, condition, what, timeout=60):
        """The requests, as soon as condition(requests) is true."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self.requests), timeout):
                raise AssertionError(f"waited in vain until {what}; {len(self.requests)} are: {self.requests[-5:]}")
            return list(self.requests)

    def close(self):
        if self.closing.is_set():
            return
        self.closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._listener.close()
        with self._changed:
            for connection in self._open:
                connection.end()
        for thread in self._threads:
            thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _socket(self):
        if self._namespace:
            return socket_in(self._namespace, self._family, socket.SOCK_STREAM)
        return socket.socket(self._family, socket.SOCK_STREAM)

    def _accept(self):
        while not self.closing.is_set():
            try:
                accepted, client = self._listener.accept()
            except OSError:
                return
            with self._changed:
                connection = Connection(self, accepted, client[0], self.connections)
                self.connections += 1
                self._open.add(connection)
            self._threads.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
            self._threads[-1].start()

    def _serve(self, connection):
        try:
            if self._tls:
                connection.greet(self._tls)
            more = True
            while more and (request := connection.request()):
                more = self._take(request)(connection)
        except ssl.SSLError as error:
            self.refusals.append(str(error))
        except OSError:
            pass  # the client has gone
        finally:
            with self._changed:
                self._open.discard(connection)
            connection.close()

    def _take(self, request):
        """Notes it; what is to be done with it."""
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            return self._script.pop(0) if self._script else self._then


class Connection:
    """One client's, used by its own thread; end() by any."""

    def __init__(self, receiver, accepted, client, number):
        self.receiver = receiver
        self._socket = accepted
        self._handle = accepted.dup()  # TLS takes the other for itself
        self._client = client
        self._number = number
        self._rest = b""

    def greet(self, context):
        self._socket = context.wrap_socket(self._socket, server_side=True, suppress_ragged_eofs=True)

    def request(self):
        """The next one, or None when the client has closed."""
        while b"\r\n\r\n" not in self._rest:
            if not self._receive():
                return None
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        size = int(headers.get("content-length", 0))
        while len(self._rest) < size:
            if not self._receive():
                return None
        body, self._rest = self._rest[:size], self._rest[size:]
        method, target, _ = first.split(" ")
        return Request(time.monotonic(), self._client, self._number, method, target, headers, body)

    def send(self, data):
        self._socket.sendall(data)

    def wait_for_close(self):
        while self._receive():
            pass

    def join(self, other):
        """Bytes go both ways between the client and that socket, until one of them ends."""
        beyond = {self._socket: other, other: self._socket}
        while True:
            for end in select.select(list(beyond), [], [])[0]:
                data = end.recv(65536)
                while getattr(end, "pending", int)():  # decrypted already: select() knows nothing of it
                    data += end.recv(65536)
                if not data:
                    return
                beyond[end].sendall(data)

    def reset(self):
        self._handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def end(self):
        try:
            self._handle.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # gone already

    def close(self):
        self._socket.close()
        self._handle.close()

    def _receive(self):
        data = self._socket.recv(65536)
        self._rest += data
        return bool(data)


def _head(status, headers):
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unheard of"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")

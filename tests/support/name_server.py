"""A name server (RFC 1035) that answers when it is let."""

import socket
import threading


class NameServer:
    """At port 53 of a namespace's 127.0.0.1; says of every name that its IPv4 address is 127.0.0.1."""

    def __init__(self, namespace):
        self.asked = threading.Event()
        self._let, self._closing = threading.Event(), threading.Event()
        self._socket = namespace.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))
        self._socket.settimeout(0.1)  # a shutdown(2) ends no wait for datagrams
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def let(self):
        self._let.set()

    def close(self):
        self._closing.set()
        self._let.set()
        self._thread.join()
        self._socket.close()

    def _serve(self):
        while not self._closing.is_set():
            try:
                query, client = self._socket.recvfrom(512)
            except TimeoutError:
                continue
            self.asked.set()
            self._let.wait()
            self._socket.sendto(self._answer(query), client)

    @staticmethod
    def _answer(query):
        question = query[12:]
        name = question.index(b"\0") + 1
        question = question[:name + 4]
        of_ipv4 = question[name:name + 2] == b"\0\1"  # type A; there is no other
        record = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4\x7f\0\0\1" if of_ipv4 else b""
        return query[:2] + b"\x81\x80\0\1" + (b"\0\1" if of_ipv4 else b"\0\0") + b"\0\0\0\0" + question + record

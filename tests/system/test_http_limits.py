"""HTTP as careless and hostile clients speak it, to the real daemon, whose stream goes on all the while."""

import re
import socket

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import SANITIZED, scaled, wait_until
from support.web import Follower, ask, scrape

MIB = 1024 * 1024


class Case(DaemonCase):
    def setUp(self):
        super().setUp()
        self.namespace.batch(churn.make_pair("v0", "v1"))
        self.begin()

    def begin(self):
        self.daemon = self.start(self.config)
        self.client = self.daemon.settled_client()
        self.http = self.daemon.directory / "http.sock"

    def connect(self, tcp=False):
        if tcp:
            made = self.namespace.socket(socket.AF_INET, socket.SOCK_STREAM)
            made.settimeout(20)
            made.connect(("127.0.0.1", 9617))
        else:
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            made.settimeout(20)
            made.connect(str(self.http))
        self.addCleanup(made.close)
        return made

    def exchange(self, request, tcp=False):
        """All that is answered until the daemon closes. A reset counts as an end only behind an answer."""
        connection = self.connect(tcp)
        try:
            connection.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it was told enough; what it says is still to be read
        answer = b""
        while data := connection.recv(65536):
            answer += data
        return answer

    def status_of(self, request, **options):
        """Of the one answer, behind which the daemon closes."""
        answer = self.exchange(request, **options)
        self.assertEqual(len(re.findall(rb"HTTP/1\.1 \d", answer)), 1, answer[:300])
        return int(answer.split(b" ", 2)[1])

    def assert_grown_less(self, before, most):
        if not SANITIZED:  # which keeps what was freed
            self.assertLess(self.daemon.rss() - before, most)

    def assert_well(self):
        self.namespace.ip("link", "set", "lo", "alias", "well")
        oracle.assert_agrees(self.namespace, self.client)
        self.assertEqual(ask(self.http, "/livez"), (200, b"ok\n"))


def get(target, *fields, host="localhost", close=True):
    lines = [f"GET {target} HTTP/1.1", f"Host: {host}", *(["Connection: close"] if close else []), *fields, "", ""]
    return "\r\n".join(lines).encode()


class Requests(Case):
    def test_a_megabyte_of_header(self):
        before = self.daemon.rss()
        for huge in (b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * MIB + b"\r\n\r\n",
                     b"GET /livez HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * (MIB // 6) + b"\r\n",
                     b"GET /" + b"a" * MIB + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
                     b"a" * MIB):
            for tcp in (False, True):
                self.assertIn(self.status_of(huge, tcp=tcp), (400, 414, 431), huge[:30])
        self.assertEqual(self.status_of(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * MIB + b"\r\n\r\n"), 431)
        self.assert_grown_less(before, 4 * MIB)
        self.assert_well()

    def test_a_pipelined_pair_is_answered_in_order(self):
        answer = self.exchange(get("/livez", close=False) + get("/v1/status"))
        first, second = re.findall(rb"HTTP/1\.1 (\d+) .*?\r\nContent-Length: (\d+)\r\n", answer, re.DOTALL)
        self.assertEqual((first, second[0]), ((b"200", b"3"), b"200"))
        self.assertLess(answer.index(b"ok\n"), answer.index(b'"run"'))

    def test_a_head_has_no_body(self):
        for path in ("/livez", "/readyz", "/metrics", "/v1/state", "/v1/status", "/v1/events"):
            answer = self.exchange(get(path).replace(b"GET", b"HEAD", 1))
            self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
            self.assertTrue(answer.endswith(b"\r\n\r\n"), answer)
            self.assertEqual(answer.count(b"\r\n\r\n"), 1, answer)

    def test_a_body_on_a_get_is_read_and_forgotten(self):
        body = b"GET /v1/state HTTP/1.1\r\n\r\n"  # which must not be taken for a request
        asked = get("/livez", f"Content-Length: {len(body)}", close=False) + body + get("/readyz")
        answer = self.exchange(asked)
        self.assertEqual(re.findall(rb"HTTP/1\.1 (\d+) ", answer), [b"200", b"200"])
        self.assertEqual(answer.count(b"ok\n"), 2)

    def test_the_host_on_tcp(self):
        for host, status in (("localhost", 200), ("localhost:9617", 200), ("127.0.0.1", 200), ("127.0.0.1:1", 200),
                             ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("127.0.0.2", 421),
                             ("", 421), ("a b", 400), ("localhost:x", 400)):
            self.assertEqual(self.status_of(get("/livez", host=host), tcp=True), status, host)
            self.assertEqual(self.status_of(get("/livez", host=host)), 200, host)
        twice = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"
        self.assertEqual(self.status_of(twice.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), tcp=True), 400)
        self.assertEqual(self.status_of(b"GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n", tcp=True), 400)

    def test_targets(self):
        for target, status in (("/../../etc/passwd", 404), ("/v1/../metrics", 404), ("/%2e%2e/etc/passwd", 404),
                               ("/metrics/", 404), ("//metrics", 404), ("/livez%00", 400), ("/%00", 400),
                               ("/v1/events?interface=%00", 400), ("/%zz", 400), ("/%4", 400), ("/livez#x", 400),
                               ("livez", 400), ("/v1/reload", 404), ("/<script>", 404), ("/%1b%5b2J", 404),
                               ("http://localhost/livez", 200), ("/livez?anything=1", 200)):
            for tcp in (False, True):
                self.assertEqual(self.status_of(get(target), tcp=tcp), status, target)
        answer = self.exchange(get("/%1b%5b2J%ff"))
        self.assertNotIn(b"\x1b", answer)
        answer.decode("utf-8")

    def test_a_malformed_since(self):
        run = self.client.fold.run
        for since in ("", "x", "1", f"{run}", f"{run}:", f"{run}:-1", f"{run}:1x", f"{run}:99999999999999999999999",
                      f"{run}:987654321", f"{run}:0:0", "%00", f"{run.upper()}x:0", f"%20{run}:0"):
            status, body = ask(self.http, f"/v1/events?since={since}")
            self.assertEqual(status, 400, since)
            self.assertIn(b'"message"', body)
        for query in ("since=a:b&since=a:b", f"since={run}:0&snapshot=1", "snapshot=2", "limit=-1", "limit=x",
                      "kind=lnk", "transition=state_dwon", "type=link.*&snapshot=1", "unknown=1", "sicne=1"):
            self.assertEqual(ask(self.http, f"/v1/events?{query}")[0], 400, query)
        self.assertIn(b"state_down", ask(self.http, "/v1/events?transition=state_dwon")[1])
        self.assertIn(b"since", ask(self.http, "/v1/events?sicne=1")[1])
        self.assertEqual(ask(self.http, f"/v1/events?since={run}:0&limit=0")[0], 200)

    def test_methods_and_nonsense(self):
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "get", "BREW"):
            self.assertIn(self.status_of(get("/livez").replace(b"GET", method.encode(), 1)), (400, 405), method)
        for nonsense in (b"\x00\x01\x02\x03\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
                         b"GET\r\n\r\n", b"GET /livez HTTP/9.9\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                         b"GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                         b"GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"):
            for tcp in (False, True):
                self.assertIn(self.status_of(nonsense, tcp=tcp), (400, 405, 501, 505), nonsense[:30])
        self.assert_well()


class Connections(Case):
    """300 at a limit of 256, the default."""

    def test_those_beyond_are_told_so_and_the_daemon_stays_calm(self):
        held = []
        for _ in range(300):
            connection = self.connect()
            connection.setblocking(False)
            held.append(connection)

        def answered():
            told = []
            for connection in held:
                try:
                    told.append((connection, connection.recv(65536, socket.MSG_PEEK)))
                except BlockingIOError:
                    pass
            return len(told) == 300 - 256 and told

        refused = wait_until(answered, "44 are refused")
        for _, answer in refused:
            self.assertTrue(answer.startswith(b"HTTP/1.1 503 "), answer)
            self.assertIn(b"Retry-After: 1", answer)
            self.assertIn(b"max_connections", answer)
        control = self.daemon.directory / "control.sock"
        self.assertEqual(ask(control, "/v1/reload", "POST")[0], 200, "who is in charge still comes in")
        oracle.assert_agrees(self.namespace, self.client)
        self.assertRegex(self.daemon.log(), r"warning \d+ connections were turned away so far: there were max_connections of \[http\] already")
        wait_until(lambda: len(self.daemon.open_files()) < 256 + 64, "the refused are closed")

        kept = [connection for connection in held if connection not in {one for one, _ in refused}]
        kept[0].setblocking(True)
        kept[0].settimeout(20)
        kept[0].sendall(get("/livez"))
        self.assertTrue(kept[0].recv(65536).startswith(b"HTTP/1.1 200 "))
        for connection in held:
            connection.close()
        wait_until(lambda: ask(self.http, "/livez")[0] == 200, "there is room again")
        self.assert_well()


class NotReading(Case):
    config = '[backlog]\nbytes = "1 MiB"\n'

    def test_followers_that_stop_reading(self):
        """Half as NDJSON, half as SSE: they cost a bounded piece of memory, no time, and converge later."""
        storm = churn.Storm(seed=9)
        self.namespace.batch(storm.cast())
        before = self.daemon.rss()
        stuck = [Follower(self.hub, self.http, sse=bool(i % 2), reading=False) for i in range(20)]
        for follower in stuck:
            self.addCleanup(follower.close)
        storm.outrun(1 * MIB, self.namespace, self.client)
        oracle.assert_agrees(self.namespace, self.client)
        self.assertNotIn("gap", self.client.fold.counts)
        self.assert_grown_less(before, 16 * MIB)
        for follower in stuck:
            follower.resume()
            follower.until(lambda fold: fold.whole() and fold.seq >= self.client.fold.seq)
            self.assertIn("gap", follower.fold.counts)
            oracle.assert_agrees(self.namespace, follower)
        gaps = scrape(self.http)
        for form in ("ndjson", "sse"):
            self.assertGreaterEqual(gaps[f'nlwatch_subscriber_gaps_total{{transport="{form}"}}'], 10)

    def test_states_that_nobody_reads(self):
        self.namespace.batch([f"link add name b{i} type bridge" for i in range(scaled(300))])
        before = self.daemon.rss()
        asked = [self.connect() for _ in range(50)]
        for connection in asked:
            connection.sendall(get("/v1/state") + get("/metrics"))
        oracle.settle(self.namespace, self.client)
        oracle.assert_agrees(self.namespace, self.client)
        self.assert_grown_less(before, 16 * MIB)
        for connection in asked:
            connection.close()
        wait_until(lambda: len(self.daemon.open_files()) < 50, "they are closed")
        self.assert_well()

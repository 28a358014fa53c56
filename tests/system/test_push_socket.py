"""Socket sinks, with listeners that are not there yet, die in the middle, do not read, and are elsewhere."""

import json
import os
import re
import socket
import tempfile
import time

from support import churn, oracle
from support.case import DaemonCase
from support.daemon import wait_until
from support.laws import LawfulFold, is_numbered
from support.listener import Listener
from support.web import ask, scrape


class SocketCase(DaemonCase):
    def setUp(self):
        super().setUp()
        self.storm = churn.Storm(seed=6)
        self.namespace.batch(self.storm.cast())
        folder = tempfile.TemporaryDirectory(prefix="nlwatch-test-")
        self.addCleanup(folder.cleanup)
        self.path = folder.name + "/listener.sock"
        self.listeners = []

    def churn(self, count):
        self.namespace.batch(self.storm.changes(count), force=True)

    def listen(self, path=None, **options):
        """path: none is TCP."""
        listener = Listener(path, None if path else self.namespace, **options)
        self.addCleanup(listener.close)
        self.listeners.append(listener)
        return listener

    @staticmethod
    def config(address, rest="", **keys):
        keys = {"name": "there", "type": "socket", "address": address} | keys
        return "[[sink]]\n" + "".join(f'{key} = "{value}"\n' for key, value in keys.items()) + rest

    def begin(self, config):
        self.daemon = self.start(config)
        self.client = self.daemon.settled_client()
        self.http = self.daemon.directory / "http.sock"

    def reload(self, config):
        (self.daemon.home / "nlwatch.toml").write_text(config)
        self.assertEqual(self.nlwatch("reload", "--dir", str(self.daemon.directory)).returncode, 0)

    def standing(self, name="there"):
        """What the status says of the sink."""
        return next(sink for sink in json.loads(ask(self.http, "/v1/status")[1])["sinks"] if sink["name"] == name)

    def series(self, metric, more=""):
        return scrape(self.http)[f'nlwatch_sink_{metric}{{sink="there",type="socket"{more}}}']

    def brought(self):
        return [record for listener in self.listeners for record in listener.lines()]

    def wait_until_level(self):
        """Until the listeners have all that the stream has, which is what the kernel has."""
        oracle.assert_agrees(self.namespace, self.client)

        def level():
            self.client.advance()
            lines = self.brought()
            return lines and lines[-1]["seq"] == self.client.fold.seq
        wait_until(level, "the listener has all that the stream has")

    def assert_the_stream(self, records):
        """Each of the stream's numbered records, from the first one of them on."""
        told = [record for record in records if is_numbered(record)]
        stream = [record for record in self.client.records() if is_numbered(record)]
        self.assertGreater(len(stream), 100)
        self.assertEqual([it["seq"] for it in told], list(range(told[0]["seq"], told[-1]["seq"] + 1)))
        self.assertLessEqual(told[0]["seq"], stream[0]["seq"])
        self.assertEqual(told[-len(stream):], stream)

    def assert_the_kernel(self, records):
        """Level, they fold under the stream's laws to what the kernel has."""
        fold = LawfulFold()
        for record in records:
            fold.apply(record)
        self.assertEqual(oracle.differences(fold.objects, self.client.fold.objects), [])

    def clog(self):
        """Makes changes until the sink can write no more: what waits is more than a moment's."""
        wait_until(lambda: self.churn(200) or self.standing()["lag"] > 1000, "it can write no more")


class ThereAndNotThere(SocketCase):
    def late(self, address, why, **listener):
        self.begin(self.config(address))
        self.churn(200)
        oracle.settle(self.namespace, self.client)
        standing = wait_until(lambda: "next_retry_s" in (told := self.standing()) and told, "it waits")
        self.assertEqual(standing["last_error"], f"cannot connect ({address}): {why}")
        self.assertEqual((standing["up"], standing["delivered"]), (False, 0))
        self.assertGreater(standing["lag"], 100)
        self.assertGreaterEqual(standing["oldest_age_s"], 0)
        self.assertEqual(self.series("up"), 0)
        self.assertIn(f"sink 'there': cannot connect ({address}): {why}", self.daemon.log())

        listener = self.listen(**listener)
        self.wait_until_level()
        self.assert_the_stream(listener.lines())
        wait_until(lambda: self.standing()["lag"] == 0, "nothing waits")
        standing = self.standing()
        self.assertEqual(standing["up"], True)
        self.assertEqual(standing["position"], f"{self.client.fold.run}:{self.client.fold.seq}")
        for gone in ("last_error", "next_retry_s", "oldest_age_s"):
            self.assertNotIn(gone, standing)
        about_the_reader = ("hello", "bookmark")
        self.assertEqual(standing["delivered"],
                         sum(record["type"] not in about_the_reader for record in listener.lines()), "no event is more")
        self.assertEqual((self.series("up"), self.series("dropped_events_total", ',reason="gap"')), (1, 0))
        self.assertIn(f"sink 'there': connected to {address}", self.daemon.log())
        shown = self.nlwatch("status", "--dir", str(self.daemon.directory)).stdout.decode()
        self.assertRegex(shown, r"sink +there \(socket\): up, \d+ delivered\n")

    def test_a_path_that_is_not_there_yet(self):
        self.late(self.path, "No such file or directory", path=self.path)

    def test_a_port_that_is_not_there_yet(self):
        self.late("127.0.0.1:9", "Connection refused", port=9)

    def test_the_networks_return_is_when_to_try_again(self):
        self.begin(self.config("127.0.0.1:9"))
        wait_until(lambda: self.standing().get("next_retry_s", 0) > 8, "a long pause", timeout=150)
        due = time.monotonic() + self.standing()["next_retry_s"]
        self.listen(port=9)
        self.namespace.ip("address", "add", "192.0.2.1/32", "dev", "lo")
        wait_until(lambda: self.standing()["up"], "it is connected")
        self.assertLess(time.monotonic(), due)

    def test_an_end_in_order_is_noticed(self):
        """Before anything is written: the next line would be lost."""
        for path in (self.path, None):
            listener = self.listen(path)
            with self.subTest(listener.address):
                self.begin(self.config(listener.address))
                wait_until(lambda: self.standing()["up"] and listener.brought, "it is connected")
                listener.close()
                wait_until(lambda: not self.standing()["up"], "it is noticed", timeout=5)
                self.assertIn(f"({listener.address})", self.standing()["last_error"])
            self.assertEqual(self.daemon.terminate(), 0)

    def test_dies_in_churn_and_comes_back(self):
        """While the daemon can write no more; what the dead ones had taken, and what the last one gets, is the stream."""
        listener = self.listen(self.path)
        self.begin(self.config(self.path, on_start="snapshot"))
        for _ in range(3):
            listener.stall()
            self.clog()
            listener.die()
            self.churn(100)
            listener = self.listen(self.path)
            self.wait_until_level()
        self.assert_the_stream(self.brought())
        self.assert_the_kernel(self.brought())
        self.assertEqual(self.series("dropped_events_total", ',reason="gap"'), 0)

    def test_is_reset_within_a_line(self):
        """What was under way is lost, and counts as delivered; no line is torn, doubled or out of order."""
        self.namespace.run("sysctl", "-q", "-w", "net.ipv4.tcp_wmem=4096 65536 65536")  # it may grow to megabytes
        listener = self.listen(port=9)
        self.begin(self.config(listener.address))
        wait_until(self.brought, "it is connected")
        for _ in range(3):
            listener.stall()
            self.clog()
            listener.bite()
            listener.reset()
            self.assertFalse(listener.brought[0].endswith(b"\n"), "torn, or this shows nothing")
            listener = self.listen(port=9)
            self.wait_until_level()
        last = -1
        for listener in self.listeners:
            seqs = [record["seq"] for record in listener.lines() if is_numbered(record)]
            self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))))
            self.assertGreater(seqs[0], last)
            last = seqs[-1]

    def test_socat(self):
        """Somebody else's listener, which is killed and started again."""
        begun = 0
        for where, address in (("UNIX-LISTEN:" + self.path + ",unlink-early", self.path),
                               ("TCP-LISTEN:99,bind=127.0.0.1,reuseaddr", "127.0.0.1:99")):
            with self.subTest(address):
                self.begin(self.config(address, on_start="snapshot"))
                records = []
                for _ in range(2):
                    begun += 1
                    file = f"{self.path}.{begun}"
                    process = self.namespace.popen("socat", "-u", where, "OPEN:" + file + ",creat")
                    wait_until(lambda: os.path.exists(file) and self.standing()["up"], "socat is connected")
                    self.churn(200)
                    oracle.settle(self.namespace, self.client)

                    def taken():
                        with open(file, encoding="utf-8") as lines:
                            text = lines.read()
                        token = self.client.fold.link("lo")["ifalias"]
                        return text if token in text and text.endswith("\n") else None
                    records += map(json.loads, wait_until(taken, "socat has all").splitlines())
                    process.kill()
                    process.wait()
                self.assert_the_kernel(records)
                self.assertEqual(self.daemon.terminate(), 0)


class Stuck(SocketCase):
    """A listener that does not read."""

    def outrun(self, **keys):
        listener = self.listen(self.path, reading=False)
        self.begin(self.config(self.path, '[backlog]\nbytes = "1 MiB"\n', **keys))
        self.storm.outrun(1 << 20, self.namespace, self.client)
        oracle.assert_agrees(self.namespace, self.client)
        self.assertNotIn("gap", self.client.fold.counts, "another reader is not delayed")
        standing = self.standing()
        self.assertTrue(standing["up"])
        self.assertGreater(standing["lag"], 1000)
        self.assertGreater(standing["oldest_age_s"], 0)
        listener.resume()
        self.wait_until_level()
        wait_until(lambda: self.standing()["lag"] == 0, "nothing waits")
        records = listener.lines()
        gaps = [record for record in records if record["type"] == "gap"]
        self.assertGreater(len(gaps), 0)
        self.assertEqual({record["reason"] for record in gaps}, {"slow_reader"})
        missing = sum(record["to"] - record["from"] + 1 for record in gaps)
        self.assertEqual(self.series("dropped_events_total", ',reason="gap"'), missing)
        self.assertEqual(self.standing()["dropped"], missing)
        self.assertEqual(self.series("events_total", ',result="dropped"'), missing)
        return records

    def test_gets_a_gap_and_all_there_is(self):
        self.assert_the_kernel(self.outrun(on_start="snapshot"))

    def test_gets_a_gap_and_the_oldest_that_is_left(self):
        records = self.outrun(after_gap="continue")
        self.assertFalse([record for record in records if record["type"].startswith("snapshot.")])
        missing = {seq for record in records if record["type"] == "gap"
                   for seq in range(record["from"], record["to"] + 1)}
        seqs = [record["seq"] for record in records if is_numbered(record)]
        self.assertEqual(sorted({*seqs, *missing}), list(range(seqs[0], self.client.fold.seq + 1)))
        self.assertEqual(seqs, sorted(set(seqs) - missing), "each is there once, or missing")

    def test_does_not_delay_the_end(self):
        self.listen(self.path, reading=False)
        self.begin(self.config(self.path))
        self.clog()
        self.assertEqual(self.daemon.terminate(timeout=5), 0)
        self.assertRegex(self.daemon.log(), r"sink 'there': \d+ events not delivered")

    def test_that_is_not_there_does_not_either(self):
        self.begin(self.config(self.path))
        self.namespace.ip("link", "set", "lo", "alias", "unheard")
        wait_until(lambda: self.standing()["lag"] > 0, "one waits")
        self.assertEqual(self.daemon.terminate(timeout=5), 0)
        self.assertRegex(self.daemon.log(), r"sink 'there': \d+ events? not delivered")


    def test_where_nothing_happens_nothing_waits(self):
        self.begin(self.config(self.path, 'filter = { interface = ["no-such"] }\n'))
        wait_until(lambda: "next_retry_s" in self.standing(), "nobody listens")
        self.assertNotIn("oldest_age_s", self.standing())
        self.assertEqual(self.daemon.terminate(timeout=5), 0)
        self.assertNotIn("not delivered", self.daemon.log())


class Elsewhere(SocketCase):
    def test_while_it_waits(self):
        """Long back-off; the new address is tried at once, and nothing is lost on the way."""
        self.begin(self.config(self.path))
        self.churn(200)
        wait_until(lambda: self.series("attempts_total", ',outcome="network_error"') >= 3, "it was tried in vain")
        there = self.listen()
        self.reload(self.config(there.address))
        self.wait_until_level()
        self.assert_the_stream(there.lines())

    def test_within_a_line(self):
        """The new one gets the line whole of which the old one has the begin."""
        self.listen(self.path, reading=False)
        self.begin(self.config(self.path, on_start="snapshot"))
        self.clog()
        self.listen(self.path + ".new")
        self.reload(self.config(self.path + ".new", on_start="snapshot"))
        self.listeners[0].resume()
        self.wait_until_level()
        self.assert_the_stream(self.brought())
        self.assert_the_kernel(self.brought())

    def test_and_the_filter_while_lines_wait(self):
        self.begin(self.config(self.path))
        self.churn(200)
        oracle.settle(self.namespace, self.client)
        self.reload(self.config(self.path, 'filter = { kind = ["link"] }\n'))
        listener = self.listen(self.path)
        self.namespace.ip("link", "set", "lo", "mtu", "65000")
        wait_until(lambda: any(record.get("object", {}).get("mtu") == 65000 for record in listener.lines()),
                   "it goes on")
        seqs = [record["seq"] for record in listener.lines() if is_numbered(record)]
        self.assertEqual(seqs, sorted(set(seqs)))
        links = [record["seq"] for record in self.client.records()
                 if is_numbered(record) and record.get("key", "").startswith("link/")]
        self.assertEqual(set(links) - set(seqs), set(), "no link is missing")


class Trouble(SocketCase):
    def test_a_listener_that_accepts_nobody(self):
        """As long as its queue is full nobody is connected, whatever connect(2) seems to say."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(listener.close)
        listener.bind(self.path)
        listener.listen(0)
        first = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(first.close)
        first.connect(self.path)
        self.begin(self.config(self.path))
        wait_until(lambda: self.series("attempts_total", ',outcome="network_error"') >= 3, "it has failed three times")
        self.assertEqual(self.standing()["last_error"],
                         f"cannot connect ({self.path}): its listener accepts no more: too many wait")
        self.assertNotIn("connected to", self.daemon.log())
        listener.accept()[0].close()
        self.churn(5)
        taken, _ = listener.accept()
        self.addCleanup(taken.close)
        self.assertTrue(taken.recv(10))

    def test_is_told_in_words_and_once_a_minute(self):
        file = self.path + ".file"
        with open(file, "w", encoding="ascii"):
            pass
        wanted = {"file": (file, "cannot connect ({}): Connection refused"),
                  "refused": ("[::1]:9", "cannot connect ({}): Connection refused"),
                  "unknown": ("nobody.invalid:9", "cannot find the address ({}): Temporary failure in name resolution"),
                  "unreachable": ("192.0.2.1:9", "cannot connect ({}): Network is unreachable")}
        self.begin("".join(self.config(address, name=name) for name, (address, _) in wanted.items()))
        self.namespace.ip("link", "set", "lo", "alias", "unheard")

        def failed_often():
            told = scrape(self.http)
            return all(told[f'nlwatch_sink_attempts_total{{sink="{name}",type="socket",outcome="network_error"}}'] >= 3
                       for name in wanted)
        wait_until(failed_often, "each has failed three times")
        shown = self.nlwatch("status", "--dir", str(self.daemon.directory)).stdout.decode()
        for name, (address, words) in wanted.items():
            with self.subTest(name):
                words = words.format(address)
                self.assertTrue(self.standing(name)["last_error"].startswith(words), self.standing(name))
                self.assertRegex(shown, rf"sink +{name} \(socket\): down, 0 delivered, .*: {re.escape(words)}")
                self.assertEqual(self.daemon.log().count(f"sink '{name}': {words}"), 1, self.daemon.log())

    def test_an_outage_that_is_short_is_not_told(self):
        listener = self.listen(self.path)
        rules = 'filter = { transition = ["state_down", "state_up"] }\ndown_delay = "2 s"\n'
        self.begin(self.config(self.path, rules))
        wait_until(lambda: self.standing()["up"], "it is connected")
        for way in ("down", "up"):
            self.namespace.ip("link", "set", "d0-0", way)
        self.client.until(lambda fold: fold.link("d0-0")["state"] == "up")
        self.namespace.ip("link", "set", "d1-0", "down")
        down = self.client.until_record(lambda record: "state_down" in record.get("transitions", ())
                                        and record["object"]["ifname"] == "d1-0")

        def told():
            return [record for record in listener.lines() if record.get("transitions")]
        wait_until(told, "the long one is told")
        wait_until(lambda: len(told()) >= 2, "of both ends")
        self.assertEqual({record["object"]["ifname"] for record in told()}, {"c1-0", "d1-0"})
        self.assertIn(down, told())
        self.assertEqual({word for record in told() for word in record["transitions"] if word.startswith("state_")},
                         {"state_down"})

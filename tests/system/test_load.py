"""Fifty readers of SSE, a scrape every 100 ms and a log that nobody reads: nothing of it reaches the stream's readers."""

import threading

from support import churn, oracle
from support.daemon import scaled, wait_until
from support.reader import read_level
from support.stalled import StalledCase
from support.web import Follower, scrape

READERS = 50


class Scraper:
    """Scrapes every 100 ms until close(), as several Prometheus would; each scrape must be answered."""

    def __init__(self, http):
        self._http = http
        self._calm = threading.Event()
        self.count = 0
        self.failed = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        try:
            while not self._calm.wait(0.1):
                scrape(self._http)
                self.count += 1
        except Exception as error:  # told by close()
            self.failed = error

    def close(self):
        self._calm.set()
        self._thread.join()
        if self.failed:
            raise self.failed


class Load(StalledCase):
    def test_nothing_reaches_the_streams_readers(self):
        self.begin()
        self.fill()
        streams = [self.client, *(self.daemon.settled_client() for _ in range(4))]
        followers = [Follower(self.hub, self.http, sse=True) for _ in range(READERS)]
        for follower in followers:
            self.addCleanup(follower.close)
            follower.until(lambda fold: fold.settled)
        scraper = Scraper(self.http)
        try:
            for _ in range(scaled(9)):
                self.churn(200)
                oracle.settle(self.namespace, self.client)
            oracle.assert_agrees(self.namespace, self.client)
            wait_until(lambda: scraper.count > 10 or scraper.failed, "it was scraped all the while")
        finally:
            scraper.close()
        for reader in [*streams, *followers]:
            read_level(reader, self.client)
            self.assertEqual(oracle.differences(reader.fold.objects, self.client.fold.objects), [])
            self.assertNotIn("gap", reader.fold.counts)
            self.assertEqual(reader.fold.counts["snapshot.begin"], 1)
        self.assertTrue(self.pipe.full(), "nobody has read the log")
        told = scrape(self.http)
        self.assertEqual(told['nlwatch_subscribers{transport="sse"}'], READERS)
        self.assertEqual(sum(told[f'nlwatch_subscriber_gaps_total{{transport="{one}"}}']
                             for one in ("stream", "ndjson", "sse")), 0)
        self.assertEqual(told["nlwatch_netlink_overruns_total"], 0)
        self.assertEqual(self.daemon.terminate(timeout=8), 0)
        for reader in [*streams, *followers]:
            reader.until_end()
            self.assertEqual(reader.torn, b"")

"""A real Prometheus in a namespace, and HTTP requests made from inside one."""

import http.client
import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import urllib.parse

from support.daemon import wait_until

RULES = pathlib.Path(__file__).parents[2] / "config" / "nlwatch.rules.yml"
_PORT = 9090


def get(namespace, port, target, timeout=20):
    """GET from 127.0.0.1 inside the namespace: status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    connection.sock = namespace.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.sock.settimeout(timeout)
        connection.sock.connect(("127.0.0.1", port))
        connection.request("GET", target)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Prometheus:
    """Scrapes the nlwatch of its namespace five times a second, with nlwatch's alerts; ready when constructed."""

    def __init__(self, namespace):
        self.namespace = namespace
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="nlwatch-test-"))
        config = self.home / "prometheus.yml"
        config.write_text(
            "global: {scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 1s}\n"
            f"rule_files: [{RULES}]\n"
            "scrape_configs:\n"
            "  - job_name: nlwatch\n"
            '    static_configs: [{targets: ["127.0.0.1:9617"]}]\n'
        )
        self.log = self.home / "log"
        with open(self.log, "wb") as log:
            self.process = namespace.popen(
                "prometheus",
                f"--config.file={config}",
                f"--storage.tsdb.path={self.home / 'data'}",
                f"--web.listen-address=127.0.0.1:{_PORT}",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            wait_until(self._ready, "Prometheus is ready", timeout=60)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log.read_text()}") from None

    def _ready(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return get(self.namespace, _PORT, "/-/ready")[0] == 200
        except OSError:
            return False

    def api(self, path, **parameters):
        """The data of an answer of the HTTP API."""
        query = urllib.parse.urlencode(parameters)
        status, body = get(self.namespace, _PORT, f"/api/v1/{path}?{query}")
        answer = json.loads(body)
        assert status == 200 and answer["status"] == "success", answer
        return answer["data"]

    def query(self, expression):
        """The values of an instant vector, by device ("" = without one)."""
        result = self.api("query", query=expression)["result"]
        return {one["metric"].get("device", ""): float(one["value"][1]) for one in result}

    def close(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)
